/** Which values are the same group. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf, keyOfAll } from '../../../engine/spec/identity.ts'

const same = (a: unknown, b: unknown) => new Set([keyOf(a), keyOf(b)]).size === 1
const sameAll = (a: unknown[], b: unknown[]) => keyOfAll(a) === keyOfAll(b)

test('values of different kinds are never the same, also where they look alike', () => {
  const values = [
    1,
    '1',
    1n,
    true,
    'true',
    null,
    'null',
    '',
    [],
    {},
    [1],
    ['1'],
    { a: 1 },
    { a: '1' },
    new Date(1),
    '\u0000n1;',
  ]
  expect(new Set(values.map(keyOf)).size).toBe(values.length)
  expect(new Set(values.map((value) => keyOfAll([value, 0]))).size).toBe(values.length)
})

test('null and missing are one, so are NaNs, 0 and -0, and equal contents', () => {
  for (const [a, b] of [
    [null, undefined],
    [NaN, NaN],
    [0, -0],
    [new Date(5), new Date(5)],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
  ]) {
    expect(same(a, b)).toBe(true)
    expect(sameAll([a, 'x'], [b, 'x'])).toBe(true)
  }
})

test('a text cannot be made to look like another value', () => {
  const anything = fc.anything({ maxDepth: 2 })
  fc.assert(
    fc.property(anything, fc.string(), fc.string(), (value, a, b) => {
      expect(same(keyOf([value]), [value])).toBe(false)
      expect(sameAll([a + b, ''], [a, b])).toBe(b === '')
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('what cannot be compared is refused', () => {
  const circle: unknown[] = []
  circle.push(circle)
  expect(() => keyOf(circle)).toThrow('nested deeper than 32 levels, or holds itself')
  expect(() => keyOf(() => 1)).toThrow('a function cannot be compared with other values')
})

/** The order of values: kinds in a fixed order, null last, and a sound order whatever the values. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareValues, recordComparator } from '../../../engine/spec/compare.ts'

const early = new Date(0)
const late = new Date(1000)
const inOrder = [
  -Infinity,
  -1,
  2n,
  2.5,
  10,
  NaN,
  '',
  '10',
  'B',
  'a',
  false,
  true,
  early,
  late,
  { x: 1 },
  null,
]

test('numbers, NaN, texts, booleans, dates, others, and last null and missing', () => {
  expect(inOrder.toReversed().sort((a, b) => compareValues(a, b))).toEqual(inOrder)
  expect(compareValues(null, undefined)).toBe(0)
})

test('descending turns round each kind, not the order of kinds', () => {
  const values = [null, 'a', 1, NaN, 'b', 3, true]
  expect(values.sort((a, b) => compareValues(a, b, -1))).toEqual([3, 1, NaN, 'b', 'a', true, null])
})

test('is a total order of any values', () => {
  const value = fc.oneof(fc.constantFrom(...inOrder, new Date(NaN)), fc.double(), fc.string(), fc.bigInt())
  fc.assert(
    fc.property(value, value, value, fc.constantFrom(1 as const, -1 as const), (a, b, c, sign) => {
      const ab = Math.sign(compareValues(a, b, sign))
      expect(ab + Math.sign(compareValues(b, a, sign))).toBe(0)
      const chained = ab <= 0 && compareValues(b, c, sign) <= 0
      expect(!chained || compareValues(a, c, sign) <= 0).toBe(true)
    }),
    { seed: 7, numRuns: 2000 },
  )
})

test('the first key that differs decides, and equal records keep their places', () => {
  const records = [
    { id: 1, a: 1, b: 1 },
    { id: 2, a: 1, b: 2 },
    { id: 3, a: 0 },
    { id: 4, a: 1, b: 2 },
  ]
  const compare = recordComparator([{ field: 'a' }, { field: 'b', order: 'desc' }])
  expect(records.sort(compare).map(({ id }) => id)).toEqual([3, 2, 4, 1])
})

/** Copies must equal a spread, whatever the record. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordCopier } from '../../../engine/spec/record-copier.ts'

test('copies equal a spread in value and order of fields, for records of any shapes in any order', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'x y', '"', '\u2028'), fc.string()),
          fc.anything(),
        ),
      ),
      (records) => {
        const copy = recordCopier()
        for (const record of [...records, ...records]) {
          const made = copy(record)
          expect(made).not.toBe(record)
          expect(Object.entries(made)).toStrictEqual(Object.entries({ ...record }))
        }
      },
    ),
  )
})

test('a field named __proto__ stays a field', () => {
  const copy = recordCopier()
  const record = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as Record<string, unknown>
  for (let i = 0; i < 2; i++) {
    const made = copy(record)
    expect(Object.keys(made)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
  }
})

test('records that differ all the time are copied too', () => {
  const copy = recordCopier()
  for (let i = 0; i < 100; i++) expect(copy({ [`k${i}`]: i, same: 1 })).toEqual({ [`k${i}`]: i, same: 1 })
})

test('an object with a prototype of its own gives its own fields only', () => {
  const copy = recordCopier()
  copy({ a: 1 })
  class Point {
    x = 1
  }
  expect(copy(new Point() as unknown as Record<string, unknown>)).toEqual({ x: 1 })
  expect(
    copy(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as Record<string, unknown>),
  ).toEqual({ own: 2 })
})

test('a record that inherits what others of its shape own is copied without it', () => {
  const copy = recordCopier()
  copy({ own: 1, inherited: 2 })
  const heir = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as object
  expect(Object.keys(copy(heir as Record<string, unknown>))).toEqual(['own'])
})

test('added fields come last and undefined, except those that the record has', () => {
  const copy = recordCopier(['b', 'c'])
  class Point {
    x = 1
  }
  for (let i = 0; i < 40; i++) {
    expect(Object.entries(copy({ a: 1, c: 3 }))).toEqual([
      ['a', 1],
      ['c', 3],
      ['b', undefined],
    ])
    // More shapes than are compiled, and one that never is.
    expect(Object.keys(copy({ [`k${i}`]: 1 }))).toEqual([`k${i}`, 'b', 'c'])
    expect(Object.keys(copy(new Point() as unknown as Record<string, unknown>))).toEqual(['x', 'b', 'c'])
  }
})

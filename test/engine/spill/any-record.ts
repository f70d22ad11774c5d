/** Random records for tests of what is laid on disk: plain ones, and every kind of value that JSON has no word for. */
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect } from 'vitest'

/** Values of all kinds that can be written down. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
      fc.float64Array({ maxLength: 3 }).map((numbers) => new DataView(numbers.buffer)),
      fc.constantFrom(null, undefined, Number.NaN, -0, Infinity, '\uD800', '', /x/u),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 3 }).map((values) => new Set(values)),
  ),
})).value

/** Mostly records of one shape, as sources give them, with others between. */
export const anyRecord: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ id: fc.integer(), by: anyValue, name: fc.string() }, { noNullPrototype: true }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ id: fc.integer(), by: anyValue }, { requiredKeys: [], noNullPrototype: true }),
  },
  { weight: 1, arbitrary: anyValue },
)

/** The fast comparison first; to it two invalid dates differ. */
export function expectSame(given: readonly unknown[], wanted: readonly unknown[]): void {
  if (!isDeepStrictEqual(given, wanted)) expect(given).toStrictEqual(wanted)
}

/** Records as bytes: they come back as they were, and their keys have the order of the values. */
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareValues, recordComparator, type SortKey } from '../../../engine/spec/compare.ts'
import { fieldReader } from '../../../engine/spec/record-fields.ts'
import { ByteBuffer } from '../../../engine/spill/sort/byte-buffer.ts'
import { RecordBytes } from '../../../engine/spill/sort/record-bytes.ts'
import { RecordSorter } from '../../../engine/spill/sort/record-sorter.ts'
import { MOST_KEY, putSortKey } from '../../../engine/spill/sort/sort-key.ts'
import { anyRecord } from './any-record.ts'
import { littleMemory } from './little-memory.ts'

/** Values that are near each other in the order, which is where a key goes wrong. */
const nearValue = fc.oneof(
  fc.double(),
  fc.integer({ min: -300, max: 300 }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.integer({ min: -3, max: 3 }).map((by) => 2n ** 53n + BigInt(by)),
  fc.integer({ min: -3, max: 3 }).map((by) => 2 ** 53 + 2 * by),
  fc.constantFrom(
    2n ** 1100n,
    -(2n ** 1100n),
    2n ** 1024n - 1n,
    Number.MAX_VALUE,
    Infinity,
    -Infinity,
    -0,
    0,
  ),
  fc.string({
    unit: fc.constantFrom(
      '\0',
      '\u0001',
      'a',
      '\u007f',
      '\u0080',
      'ÿ',
      '߿',
      'ࠀ',
      '\uD800',
      '\uDC00',
      '\uFFFF',
    ),
    maxLength: 6,
  }),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(null, undefined, Number.NaN, [], {}),
)

function keyOf(value: unknown, sign: 1 | -1): Uint8Array {
  const into = new ByteBuffer(4)
  putSortKey(into, value, { sign, start: 0 })
  return into.bytes.slice(0, into.end)
}

describe('a sort key', () => {
  it.each([1, -1] as const)('has the order of the values it is made of, in direction %s', (sign) => {
    fc.assert(
      fc.property(nearValue, nearValue, (a, b) => {
        const [one, other] = [keyOf(a, sign), keyOf(b, sign)]
        expect(Math.max(one.length, other.length)).toBeLessThanOrEqual(MOST_KEY)
        const bytes = Math.sign(Buffer.compare(one, other))
        const values = Math.sign(compareValues(a, b, sign))
        // Keys that were cut leave the rest to the values.
        if (bytes === 0 && one.length === MOST_KEY) return
        expect(bytes).toBe(values)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a record as bytes', () => {
  it('comes back as it was', () => {
    const codec = new RecordBytes()
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        const into = new ByteBuffer(4)
        const starts = records.map((record) => {
          const start = into.end
          codec.write(record, into)
          return start
        })
        const bytes = Buffer.from(into.bytes.buffer, 0, into.end)
        const back = starts.map((start) => codec.read(bytes, start))
        expect(back).toEqual(records)
        for (const [at, record] of records.entries())
          if (typeof record !== 'object') expect(Object.is(back[at], record)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused where it would come back as something else', () => {
    class Odd {
      value = 1
    }
    expect(() => new RecordBytes().write({ a: new Odd() }, new ByteBuffer())).toThrow('class Odd')
  })
})

describe('a sort on disk', () => {
  const sorted = (by: SortKey[], records: unknown[], bytes: number) => {
    const levels = by.map(({ field = '', order }) => ({
      read: fieldReader(field),
      sign: order === 'desc' ? (-1 as const) : (1 as const),
    }))
    const memory = littleMemory(bytes)
    const sorter = new RecordSorter(memory, { levels, compare: recordComparator(by) })
    for (const record of records) sorter.add(record)
    const result = [...sorter.sorted()]
    expect(memory.files()).toEqual([])
    return { result, onDisk: memory.onDisk }
  }

  it('gives what Array.sort gives, also where keys are longer than what is kept of them', () => {
    const text = fc
      .tuple(
        fc.constantFrom('', 'a'.repeat(MOST_KEY - 2), 'b'.repeat(3 * MOST_KEY)),
        fc.string({ maxLength: 3 }),
      )
      .map((parts) => parts.join(''))
    const records = fc.array(fc.record({ a: fc.oneof(text, nearValue), b: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 200,
      maxLength: 600,
    })
    const by: SortKey[] = [{ field: 'a', order: 'desc' }, { field: 'b' }]
    fc.assert(
      fc.property(records, fc.integer({ min: 4000, max: 12_000 }), (made, bytes) => {
        const all = made.map((record, number) => ({ ...record, number }))
        const { result, onDisk } = sorted(by, all, bytes)
        expect(onDisk).toBe(true)
        const wanted = all.toSorted(recordComparator(by))
        expect(isDeepStrictEqual(result.map(numberOf), wanted.map(numberOf))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('joins runs where there are more than are read at once', () => {
    const records = Array.from({ length: 30_000 }, (_, at) => ({ k: (at * 7919) % 1009, at }))
    const { result } = sorted([{ field: 'k' }], records, 8000)
    expect(result).toEqual(records.toSorted((a, b) => a.k - b.k))
  })

  it('leaves no file where it is forgotten half way', () => {
    const memory = littleMemory(4000)
    const order = {
      levels: [{ read: (record: unknown) => record, sign: 1 as const }],
      compare: recordComparator([{}]),
    }
    const sorter = new RecordSorter(memory, order)
    for (let at = 0; at < 5000; at++) sorter.add((at * 7919) % 5003)
    expect(memory.files().length).toBeGreaterThan(0)
    const reader = sorter.sorted()
    expect(reader.next().value).toBe(0)
    reader.return(undefined)
    expect(memory.files()).toEqual([])
  })
})

function numberOf(record: unknown): number {
  return (record as { number: number }).number
}

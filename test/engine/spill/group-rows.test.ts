/** Rows of groups: keys are found as `keyOf` tells them apart, and states are what the aggregates make. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AGGREGATES, aggregateOf } from '../../../engine/spec/aggregate.ts'
import { Budget } from '../../../engine/spec/budget.ts'
import { keyOfAll } from '../../../engine/spec/identity.ts'
import { BlockReader, BlockWriter } from '../../../engine/spill/groups/blocks.ts'
import { columnFor } from '../../../engine/spill/groups/columns-for.ts'
import { GroupRows } from '../../../engine/spill/groups/group-rows.ts'
import { anyValue } from './any-record.ts'

const budget = new Budget({ limit: undefined, what: '', field: '', remedy: '' })
const keyValue = fc.oneof(
  anyValue,
  fc.constantFrom(0, -0, 1, '1', '', '\0', null, undefined, NaN, true, 1n, [1], {}),
)

function rowOf(rows: GroupRows, values: readonly unknown[]): number {
  rows.keys.begin()
  for (const value of values) rows.keys.put(value)
  const hash = rows.keys.hash()
  const found = rows.find(hash)
  if (found >= 0) return found
  const row = rows.begin(hash, rows.count)
  if (rows.keys.odd) rows.keepOdd(row, values)
  return row
}

describe('the keys of rows', () => {
  it('are the same where keyOfAll says so, and give their values back', () => {
    const keys = fc.array(fc.tuple(keyValue, keyValue), { maxLength: 60 })
    fc.assert(
      fc.property(keys, (all) => {
        const rows = new GroupRows([])
        const known = new Map<unknown, { row: number; values: readonly unknown[] }>()
        for (const values of all) {
          const row = rowOf(rows, values)
          const key = keyOfAll(values)
          const before = known.get(key)
          if (before) expect(row).toBe(before.row)
          else known.set(key, { row, values })
        }
        expect(rows.count).toBe(known.size)
        for (const { row, values } of known.values()) {
          const back: unknown[] = [null, null]
          rows.readKey(row, back)
          expect(back.map((value) => value ?? null)).toEqual(values.map((value) => value ?? null))
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** Numbers whose sums need several parts, lose everything to each other, or leave the range of doubles. */
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0.1, -0.1, 1e16, -1e16, 1e-320, 1e308, -1e308, 2 ** 53 - 1, -0, Infinity, -Infinity, NaN),
)
const valuesFor = {
  count: anyValue,
  sum: number,
  avg: number,
  min: fc.oneof(number, anyValue),
  max: fc.oneof(number, anyValue),
  distinct: anyValue,
}

describe.each(AGGREGATES)('the column of %s', (name) => {
  it('gives what the aggregate gives, in memory and in blocks', () => {
    const aggregate = aggregateOf[name]
    fc.assert(
      fc.property(
        fc.array(fc.array(valuesFor[name], { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        (parts) => {
          const merged = new GroupRows([columnFor(name)])
          let wanted = aggregate.init()
          for (const part of parts) {
            const rows = new GroupRows([columnFor(name)])
            const row = rowOf(rows, ['key'])
            let state = aggregate.init()
            for (const value of part) {
              // As the node does: only counts are told of what is missing.
              if (name !== 'count' && (value === null || value === undefined)) continue
              rows.columns[0]!.add(row, value, budget)
              state = aggregate.add(state, value, budget)
            }
            expect(rows.columns[0]!.finish(row)).toEqual(aggregate.finish(state))
            wanted = aggregate.merge(wanted, state, budget)
            const out = new BlockWriter()
            rows.write(out, Int32Array.of(row), 0, 1)
            merged.absorb(out.done().slice(), merged.count === 0 ? 0 : 1)
          }
          expect(merged.count).toBe(1)
          expect(merged.columns[0]!.finish(0)).toEqual(aggregate.finish(wanted))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a block', () => {
  it('may be of any size: its room grows under the columns that are written', () => {
    const out = new BlockWriter()
    out.doubles(2).set([1, 2])
    const texts = Array.from({ length: 20_000 }, (_, at) => `text ${at}`.repeat(10))
    out.values(texts)
    out.doubles(400_000).fill(3)
    out.words(2_000_001).fill(4)
    out.bytes(20_000_003).fill(5)
    out.bytes(1).fill(6)
    const block = new BlockReader(out.done().slice())
    expect([...block.doubles(2)]).toEqual([1, 2])
    expect(block.values()).toEqual(texts)
    const isAll = (list: Float64Array | Uint32Array | Uint8Array, value: number) =>
      list.every((one) => one === value)
    expect(isAll(block.doubles(400_000), 3)).toBe(true)
    expect(isAll(block.words(2_000_001), 4)).toBe(true)
    expect(isAll(block.bytes(20_000_003), 5)).toBe(true)
    expect([...block.bytes(1)]).toEqual([6])
  })
})

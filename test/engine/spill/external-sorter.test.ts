/** Sorting on disk gives what sorting in memory gives, whatever the limit. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordComparator } from '../../../engine/spec/compare.ts'
import { isFields } from '../../../engine/spec/record-fields.ts'
import { ExternalSorter } from '../../../engine/spill/external-sorter.ts'
import { mergeSorted } from '../../../engine/spill/merge.ts'
import { anyRecord, expectSame } from './any-record.ts'
import { littleMemory } from './little-memory.ts'

const numbers = (a: number, b: number) => a - b

describe('a merge', () => {
  it('gives all values in order, those of the earlier source first', () => {
    const source = fc.array(fc.array(fc.integer({ min: 0, max: 9 })))
    fc.assert(
      fc.property(fc.array(source), (sources) => {
        const tagged = sources.map((blocks, at) =>
          blocks
            .flat()
            .sort(numbers)
            .map((value) => ({ value, at })),
        )
        const merged = mergeSorted(
          tagged.map((values) => [values.slice(0, 2), [], values.slice(2)].values()),
          (a, b) => a.value - b.value,
        )
        expect([...merged]).toEqual(tagged.flat().sort((a, b) => a.value - b.value || a.at - b.at))
      }),
    )
  })

  it('ends its sources when its reader leaves', () => {
    const ended: number[] = []
    const source = function* (at: number) {
      try {
        yield [at]
      } finally {
        ended.push(at)
      }
    }
    for (const value of mergeSorted([source(1), source(2)], numbers)) if (value === 1) break
    expect(ended).toEqual([1, 2])
  })
})

describe('an external sort', () => {
  it('is a stable sort, whatever the limit', () => {
    const compare = recordComparator([{ field: 'by' }, { field: 'id', order: 'desc' }])
    const sortable = anyRecord.filter((record) => isFields(record))
    fc.assert(
      fc.property(
        fc.array(sortable, { size: 'max', maxLength: 400 }),
        fc.integer({ min: 1000, max: 50_000 }),
        (records, bytes) => {
          const memory = littleMemory(bytes)
          const sorter = new ExternalSorter<unknown>(memory, compare)
          for (const record of records) sorter.add(record, Math.min(bytes, 200))
          expect(sorter.count).toBe(records.length)
          expectSame([...sorter.sorted()], [...records].sort(compare))
          expect(memory.files()).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })

  it('takes several passes where there are many runs', () => {
    const memory = littleMemory(2000)
    const sorter = new ExternalSorter<{ key: number; position: number }>(memory, (a, b) => a.key - b.key)
    const values = Array.from({ length: 20_000 }, (_, position) => ({
      key: (position * 7919) % 101,
      position,
    }))
    let most = 0
    for (const [at, value] of values.entries()) {
      sorter.add(value, 40)
      if (at % 500 === 0) most = Math.max(most, memory.files().length)
    }
    expect([...sorter.sorted()]).toEqual(values.toSorted((a, b) => a.key - b.key || a.position - b.position))
    expect(memory.asked).toBeGreaterThan(500)
    expect(most).toBeLessThan(60)
    expect(memory.files()).toEqual([])
  })

  it('stays in memory while there is room', () => {
    const memory = littleMemory(1_000_000)
    const sorter = new ExternalSorter<number>(memory, numbers)
    for (let i = 40_000; i > 0; i--) sorter.add(i)
    expect([...sorter.sorted()].slice(0, 3)).toEqual([1, 2, 3])
    expect(memory.asked).toBe(0)
  })

  it('leaves no file when its reader leaves, or when it is cleared', () => {
    const memory = littleMemory(500)
    const filled = () => {
      const sorter = new ExternalSorter<number>(memory, numbers)
      for (let i = 0; i < 1000; i++) sorter.add(-i)
      expect(memory.files()).not.toEqual([])
      return sorter
    }
    for (const value of filled().sorted()) if (value > -990) break
    expect(memory.files()).toEqual([])
    filled().clear()
    expect(memory.files()).toEqual([])
  })

  it('refuses a record that is larger than its memory', () => {
    const sorter = new ExternalSorter<string>(littleMemory(1024 * 1024), () => 0)
    sorter.add('small')
    expect(() => sorter.add('x'.repeat(3 * 1024 * 1024))).toThrow(
      "One record takes about 3 MB, and of the run's 1 MB this node may hold 1 MB.",
    )
  })
})

it('undefined is a value like any other', () => {
  const sorter = new ExternalSorter<unknown>(littleMemory(1000), recordComparator([{}]))
  for (const value of [undefined, null, 2, undefined, 1]) sorter.add(value)
  expect([...sorter.sorted()]).toEqual([1, 2, undefined, null, undefined])
})

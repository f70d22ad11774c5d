/** Sort, group and top give on disk what they give in memory: any records, any limit, in one part or several. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { group } from '../../../engine/nodes/processors/group.ts'
import { sort } from '../../../engine/nodes/processors/sort.ts'
import { top } from '../../../engine/nodes/processors/top.ts'
import type { AnyNodeType } from '../../../engine/spec/node.ts'
import { roomyMemory } from '../roomy-memory.ts'
import { anyRecord, expectSame } from './any-record.ts'
import { outputOf } from './fold-kit.ts'
import { littleMemory } from './little-memory.ts'

const aggregates = [
  { as: 'count', fn: 'count' },
  { as: 'sum', fn: 'sum', field: 'n' },
  { as: 'mean', fn: 'avg', field: 'n' },
  { as: 'least', fn: 'min', field: 'by' },
  { as: 'most', fn: 'max', field: 'by' },
  { as: 'kinds', fn: 'distinct', field: 'kind' },
]
/** Title, type, config, and a limit that a third of the records fills. */
const cases: [string, AnyNodeType, Record<string, unknown>, number][] = [
  ['sort by any value', sort, { by: [{ field: 'by' }, { field: 'n', order: 'desc' }] }, 4000],
  ['sort the record itself', sort, {}, 1000],
  ['top by any value', top, { by: 'by', n: 60, order: 'asc' }, 3000],
  ['top from the largest', top, { by: 'n', n: 200 }, 4000],
  ['group by one field', group, { by: ['k'], aggregates }, 8000],
  ['group by any value', group, { by: ['by', 'kind'], aggregates }, 8000],
]

const records = fc.array(
  fc
    .oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(
          anyRecord,
          fc.integer({ min: 0, max: 80 }),
          fc.double({ min: -1e300, max: 1e300 }),
          fc.string({ maxLength: 2 }),
        ),
      },
      { weight: 1, arbitrary: anyRecord },
      { weight: 12, arbitrary: fc.oneof(fc.string({ minLength: 20 }), fc.double(), fc.bigInt()) },
    )
    .map((made) => {
      if (!Array.isArray(made) || made.length !== 4) return made
      const [inner, k, n, kind] = made as [unknown, number, number, string]
      return { k, n, kind, by: (inner as { by?: unknown } | null)?.by }
    }),
  { size: 'max', maxLength: 300 },
)

describe.each(cases)('%s', (_, type, config, limit) => {
  const packs = type.laws.packs === true
  it('is the same on disk as in memory', () => {
    let spilled = 0
    fc.assert(
      fc.property(records, fc.integer({ min: limit, max: 3 * limit }), (all, bytes) => {
        const memory = littleMemory(bytes)
        const wanted = outputOf(type, { config, parts: [all], memory: roomyMemory })
        const given = outputOf(type, { config, parts: [all], memory })
        expectSame(given, wanted)
        expect(memory.files()).toEqual([])
        if (memory.onDisk) spilled++
      }),
      { numRuns: 15, endOnFailure: true },
    )
    expect(spilled).toBeGreaterThan(0)
  })

  it('is the same in several parts, some on disk and some not', () => {
    const cut = fc.integer({ min: 0, max: 300 })
    fc.assert(
      fc.property(records, cut, cut, fc.boolean(), (all, a, b, packed) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)]
        const parts = [all.slice(0, first), all.slice(first, second), all.slice(second)]
        const wanted = outputOf(type, { config, parts: [all], memory: roomyMemory })
        const memory = littleMemory(limit)
        const given = outputOf(type, { config, parts, memory, packed: packed && packs })
        expectSame(given, wanted)
        expect(memory.files()).toEqual([])
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })
})

describe('a group that is larger than memory', () => {
  const distinct = { aggregates: [{ as: 'n', fn: 'distinct', field: 'x' }] }
  it.each([
    ['alone', distinct],
    ['among others', { ...distinct, by: ['k'] }],
  ])('fails %s, with a remedy', (_, config) => {
    const parts = [Array.from({ length: 5000 }, (__, x) => ({ k: 1, x: `value ${x}` }))]
    expect(() => outputOf(group, { config, parts, memory: littleMemory(100_000) })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^What is kept of one group takes about 0\.\d MB, and of the run's/),
        remedy: expect.stringContaining('--memory'),
      }),
    )
  })
})

it('a limit of groups counts each once, on disk as in memory', () => {
  const parts = [Array.from({ length: 6000 }, (_, at) => ({ k: at % 1500 }))]
  const run = (maxGroups: number, bytes: number) => {
    const memory = littleMemory(bytes)
    return outputOf(group, { config: { by: ['k'], maxGroups }, parts, memory }).length
  }
  for (const bytes of [100_000_000, 50_000]) {
    expect(run(1500, bytes)).toBe(1500)
    expect(() => run(1499, bytes)).toThrow('This node holds more than 1499 groups and distinct values.')
  }
})

/** What several workers hold of a group becomes what one of them would hold, few groups or many. */
/* oxlint-disable vitest/expect-expect -- `expectSame` asserts */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DataRecord } from '../../../engine/spec/node.ts'
import { groupFold, type GroupState } from '../../../engine/spill/groups/group-fold.ts'
import { group } from '../../../engine/nodes/processors/group.ts'
import { roomyMemory } from '../roomy-memory.ts'
import { expectSame } from './any-record.ts'
import { outputOf } from './fold-kit.ts'
import { littleMemory } from './little-memory.ts'

const config = {
  by: ['k'],
  aggregates: [
    { as: 'n', fn: 'count' },
    { as: 'sum', fn: 'sum', field: 'v' },
    { as: 'kinds', fn: 'distinct', field: 'v' },
  ],
}
const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom(0, -0, NaN, 1, '1', null, undefined, '\u0000', 1n, true, 'a longer text than a slice is'),
  fc.array(fc.nat({ max: 2 }), { maxLength: 2 }),
)
const records = fc.array(fc.record({ k: key, v: fc.nat({ max: 9 }) }), { maxLength: 60 })

describe('groups of several workers', () => {
  it('are those of one, whatever the keys are', () => {
    const parts = fc.array(records, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(parts, fc.boolean(), (all, packed) => {
        const memory = roomyMemory
        const one = outputOf(group, { config, memory, parts: [all.flat()] })
        expectSame(outputOf(group, { config, memory, parts: all, packed }), one)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  const limit = { limit: undefined, what: '', field: '', remedy: '' }
  const merged = (bytes: number, sizes: readonly number[]): GroupState => {
    const count = [{ as: 'n', fn: 'count' as const }]
    const fold = groupFold({ by: ['k'], aggregates: count, limit }, littleMemory(bytes))
    let next = 0
    const states = sizes.map((size) => {
      const state = fold.init()
      for (let at = 0; at < size; at++) fold.add(state, { k: `key ${next++}` } as DataRecord)
      return fold.unpack!(fold.pack!(state))
    })
    const all = states.slice(1).reduce((a, b) => fold.merge(a, b), states[0]!)
    expect([...fold.finish(all)]).toHaveLength(next)
    return all
  }

  it('stay few where they fit in together, and become many where they do not', () => {
    const roomy = 256 * 1024 * 1024
    expect(merged(roomy, [40_000, 40_000]).many).toBeUndefined()
    expect(merged(roomy, [40_000, 40_000, 1]).many).toBeDefined()
    expect(merged(roomy, [70_000, 10]).many).toBeDefined()
    expect(merged(1_000_000, [4000, 4000]).many).toBeUndefined()
    expect(merged(1_000_000, [6000, 6000]).many).toBeDefined()
  })
})

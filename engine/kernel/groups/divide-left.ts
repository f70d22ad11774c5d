/** Divides what JavaScript holds beside the groups of a table among the buckets of these groups. */
import type { GroupRange } from './bucket-rooms.ts'
import { bucketOf, groupBytes, type ByHash } from './group-bytes.ts'
import { otherKeys, type GroupShape } from './group-keys.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { GROUP_INDEX } from '../layout.ts'
import type { Left } from './packed-groups.ts'

/** @param where the groups, which are all looked through, and how they are told apart */
export function divideLeft(
  { states, values }: Left,
  where: { memory: KernelMemory; ranges: readonly GroupRange[]; shape: GroupShape; by: ByHash },
): Map<number, Left> {
  const buckets = new Map<number, Left>()
  if (states.length === 0 && values.length === 0) return buckets
  const { memory, ranges, shape, by } = where
  const byIndex = new Map<number, Left['states']>()
  for (const state of states) {
    const index = Math.floor(state[0] / shape.aggregates)
    const known = byIndex.get(index)
    if (known) known.push(state)
    else byIndex.set(index, [state])
  }
  const byBytes = new Map(values.map((value) => [value[0], value]))
  for (const { from, to } of ranges) {
    for (let group = from; group < to; group += groupBytes(memory, group, shape.aggregates)) {
      const found = byIndex.get(memory.get(group + GROUP_INDEX))
      const others = byBytes.size > 0 ? otherKeys(memory, group, shape) : []
      if (!found && others.length === 0) continue
      const part = partOf(buckets, bucketOf(memory, group, by))
      if (found) part.states.push(...found)
      for (const bytes of others) part.values.push(byBytes.get(bytes)!)
    }
  }
  return buckets
}

function partOf(buckets: Map<number, Left>, bucket: number): Left {
  let part = buckets.get(bucket)
  if (!part) buckets.set(bucket, (part = { states: [], values: [] }))
  return part
}

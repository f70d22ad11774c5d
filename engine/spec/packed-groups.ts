/** The groups of `group` as they travel between threads: by column, as that is half as dear as one object for each group. */
import type { Aggregate } from './aggregate.ts'
import type { Budget } from './budget.ts'
import type { GroupTable } from './group-table.ts'
import type { Key } from './identity.ts'

/** Groups in the order in which they were first seen. */
export interface PackedGroups {
  keys: Key[]
  /** By field of `by`, then by group. Absent where the one field's values are the keys themselves. */
  values?: unknown[][]
  /** By aggregate, as it packs the states of all groups. */
  states: unknown[]
}

export function packGroups(table: GroupTable, aggregates: readonly Aggregate[]): PackedGroups {
  const { keys } = table
  const states = aggregates.map(({ pack, packAll }, at) => {
    const column = table.states[at]!
    if (packAll) return packAll(column)
    return pack ? column.map((state) => pack(state)) : column
  })
  if (table.values.length > 0) return { keys, values: table.values, states }
  // Nearly always: texts and numbers are their own keys.
  if (table.odd.size === 0) return { keys, states }
  return { keys, values: [keys.map((key, slot) => table.valueOf(0, slot, key))], states }
}

/**
 * The states of all groups, by aggregate.
 * @param budget is charged with what the aggregates hold, not with the groups
 */
export function unpackStates(
  { states }: PackedGroups,
  aggregates: readonly Aggregate[],
  budget: Budget,
): unknown[][] {
  return aggregates.map(({ unpack, unpackAll }, at) => {
    if (unpackAll) return unpackAll(states[at])
    const column = states[at] as unknown[]
    return unpack ? column.map((state) => unpack(state, budget)) : column
  })
}

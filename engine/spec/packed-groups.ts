/** The groups of `group` as they travel between threads: by column, as that is half as dear as one object for each group. */
import type { Aggregate } from './aggregate.ts'
import type { Budget } from './budget.ts'
import type { Key } from './identity.ts'

export interface Group {
  /** Its place in the order in which groups were first seen. */
  at: number
  /** Values of the `by` fields, as the first record had them. */
  values: unknown[]
  /** States of the aggregates, in their order. */
  states: unknown[]
}

/** Groups in the order in which they were first seen. */
export interface PackedGroups {
  keys: Key[]
  /** By field of `by`, then by group. Absent where the one field's values are the keys themselves. */
  values?: unknown[][]
  /** By aggregate, as it packs the states of all groups. */
  states: unknown[]
}

export function packGroups(groups: ReadonlyMap<Key, Group>, aggregates: readonly Aggregate[]): PackedGroups {
  const all = [...groups.values()]
  const keys = [...groups.keys()]
  const fields = all[0]?.values.length ?? 0
  const states = aggregates.map(({ pack, packAll }, at) => {
    const column = all.map((group) => group.states[at])
    if (packAll) return packAll(column)
    return pack ? column.map((state) => pack(state)) : column
  })
  // Nearly always: texts and numbers are their own keys.
  if (fields === 1 && keys.every((key, at) => Object.is(key, all[at]!.values[0]))) return { keys, states }
  return {
    keys,
    values: Array.from({ length: fields }, (_, at) => all.map(({ values }) => values[at])),
    states,
  }
}

/** @param budget is charged with what the aggregates hold, not with the groups */
export function unpackGroups(
  { keys, values, states }: PackedGroups,
  aggregates: readonly Aggregate[],
  budget: Budget,
): Map<Key, Group> {
  const columns = aggregates.map(({ unpack, unpackAll }, at) => {
    if (unpackAll) return unpackAll(states[at])
    const column = states[at] as unknown[]
    return unpack ? column.map((state) => unpack(state, budget)) : column
  })
  const groups = new Map<Key, Group>()
  keys.forEach((key, index) => {
    groups.set(key, {
      at: index,
      values: values ? values.map((column) => column[index]) : [key],
      states: columns.map((column) => column[index]),
    })
  })
  return groups
}

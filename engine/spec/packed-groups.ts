/** The groups of `group` as they travel between threads: by column, as that is half as dear as one object for each group. */
import type { Aggregate } from './aggregate.ts'
import type { Budget } from './budget.ts'
import type { Key } from './identity.ts'

export interface Group {
  /** Values of the `by` fields, as the first record had them. */
  values: unknown[]
  /** States of the aggregates, in their order. */
  states: unknown[]
}

/** Groups in the order in which they were first seen. */
export interface PackedGroups {
  keys: Key[]
  /** By field of `by`, then by group; likewise `states`. */
  values: unknown[][]
  states: unknown[][]
}

export function packGroups(groups: ReadonlyMap<Key, Group>, aggregates: readonly Aggregate[]): PackedGroups {
  const all = [...groups.values()]
  const fields = all[0]?.values.length ?? 0
  return {
    keys: [...groups.keys()],
    values: Array.from({ length: fields }, (_, at) => all.map(({ values }) => values[at])),
    states: aggregates.map(({ pack }, at) => all.map(({ states }) => (pack ? pack(states[at]) : states[at]))),
  }
}

/** @param budget is charged with what the aggregates hold, not with the groups */
export function unpackGroups(
  { keys, values, states }: PackedGroups,
  aggregates: readonly Aggregate[],
  budget: Budget,
): Map<Key, Group> {
  const groups = new Map<Key, Group>()
  keys.forEach((key, index) => {
    groups.set(key, {
      values: values.map((column) => column[index]),
      states: aggregates.map(({ unpack }, at) => {
        const state = states[at]![index]
        return unpack ? unpack(state, budget) : state
      }),
    })
  })
  return groups
}

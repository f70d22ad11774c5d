/** How groups are laid on disk, read back and merged. Nothing is counted on the way: what they hold is known at the end. */
import type { Aggregate } from './aggregate.ts'
import { Budget } from './budget.ts'
import type { Key } from './identity.ts'
import type { Group } from './packed-groups.ts'
import { recordBytes } from './record-size.ts'

/** Bytes of a group beside its values and states: two objects, two lists, an entry of a Map. */
const GROUP_BYTES = 160

export function groupSteps(aggregates: readonly Aggregate[]) {
  const uncounted = new Budget({ limit: undefined, what: '', field: '', remedy: '' })
  return {
    merge(a: Group, b: Group): Group {
      aggregates.forEach((aggregate, i) => {
        a.states[i] = aggregate.merge(a.states[i], b.states[i], uncounted)
      })
      return a
    },
    pack: ({ values, states }: Group): unknown => [
      values,
      aggregates.map(({ pack }, i) => (pack ? pack(states[i]) : states[i])),
    ],
    unpack(data: unknown): Group {
      const [values, states] = data as [unknown[], unknown[]]
      return {
        at: 0,
        values,
        states: aggregates.map(({ unpack }, i) => (unpack ? unpack(states[i], uncounted) : states[i])),
      }
    },
    bytes: (key: Key, { values, states }: Group): number =>
      aggregates.reduce(
        (sum, aggregate, i) => sum + aggregate.bytes(states[i]),
        GROUP_BYTES + recordBytes(key) + recordBytes(values),
      ),
  }
}

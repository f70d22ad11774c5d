/** The aggregates of `group`: each one adds values to a state, merges two states exactly, and gives a result. */
import type { Budget } from './budget.ts'
import { compareValues } from './compare.ts'
import { describeValue } from './describe-value.ts'
import { ExactSum, type PackedSums } from './exact-sum.ts'
import { keyOf, type Key } from './identity.ts'
import { ownText, ownValue } from './own-text.ts'
import { recordBytes } from './record-size.ts'

/** One aggregate function. Null and missing never reach `add`, except for `count`, which has no field. */
export interface Aggregate<State = unknown> {
  init(): State
  /** Why a value cannot be added, or nothing; asked for all aggregates of a record before anything is added. */
  refuses?(value: unknown): string | undefined
  /** Returns the state that holds the value too; may change the given one. */
  add(state: State, value: unknown, budget: Budget): State
  /** Joins b, which saw later values, into a. */
  merge(a: State, b: State, budget: Budget): State
  finish(state: State): unknown
  /** Bytes that the state takes in memory, estimated. */
  bytes(state: State): number
  /** The state as data for another thread, and back. Absent: it is such data already. */
  pack?(state: State): unknown
  unpack?(packed: unknown, budget: Budget): State
  /** The same for the states of many groups, where that is cheaper than one by one. */
  packAll?(states: readonly State[]): unknown
  unpackAll?(packed: unknown): State[]
}

/** An ExactSum with its list of parts. */
const SUM_BYTES = 120
const SET_BYTES = 200
/** An entry of a Set. */
const keyBytes = (key: Key) => 32 + recordBytes(key)

/** Names of the aggregates, in the order of the form. */
export const AGGREGATES = ['count', 'sum', 'min', 'max', 'avg', 'distinct'] as const
export type AggregateName = (typeof AGGREGATES)[number]

const refusesNonNumber = (value: unknown): string | undefined =>
  typeof value === 'number' ? undefined : `${describeValue(value)} is not a number`

const count: Aggregate<number> = {
  init: () => 0,
  add: (state) => state + 1,
  merge: (a, b) => a + b,
  finish: (state) => state,
  bytes: () => 8,
  packAll: (states) => Float64Array.from(states),
  unpackAll: (packed) => Array.from(packed as Float64Array),
}

const sum: Aggregate<ExactSum> = {
  init: () => new ExactSum(),
  refuses: refusesNonNumber,
  add(state, value) {
    state.add(value as number)
    return state
  },
  merge(a, b) {
    a.merge(b)
    return a
  },
  finish: (state) => state.value(),
  bytes: () => SUM_BYTES,
  pack: (state) => state.pack(),
  unpack: (packed) => ExactSum.unpack(packed as number[]),
  packAll: (states) => ExactSum.packAll(states),
  unpackAll: (packed) => ExactSum.unpackAll(packed as PackedSums),
}

const avg: Aggregate<{ sum: ExactSum; count: number }> = {
  init: () => ({ sum: new ExactSum(), count: 0 }),
  refuses: refusesNonNumber,
  add(state, value) {
    state.sum.add(value as number)
    state.count++
    return state
  },
  merge(a, b) {
    a.sum.merge(b.sum)
    a.count += b.count
    return a
  },
  finish: (state) => (state.count === 0 ? null : state.sum.value() / state.count),
  bytes: () => SUM_BYTES,
  pack: ({ sum, count }) => [count, ...sum.pack()],
  unpack(packed) {
    const [count = 0, ...sum] = packed as number[]
    return { count, sum: ExactSum.unpack(sum) }
  },
}

/** The least value in an order; of equal ones the first. */
const extreme = (sign: 1 | -1): Aggregate => ({
  init: () => undefined,
  add: (state, value) =>
    state === undefined || compareValues(value, state, sign) < 0 ? ownValue(value) : state,
  merge: (a, b) => (a === undefined || (b !== undefined && compareValues(b, a, sign) < 0) ? b : a),
  finish: (state) => state ?? null,
  bytes: (state) => recordBytes(state),
})

const distinct: Aggregate<Set<Key>> = {
  init: () => new Set(),
  refuses: refusesWithoutKey,
  add(state, value, budget) {
    remember(state, keyOf(value), budget)
    return state
  },
  merge(a, b, budget) {
    for (const key of b) remember(a, key, budget)
    return a
  },
  finish: (state) => state.size,
  bytes(state) {
    let bytes = SET_BYTES
    // The keys of one set are alike: a few stand for all.
    let looked = 0
    for (const key of state) {
      bytes += keyBytes(key)
      if (++looked === 16) return (bytes * state.size) / looked
    }
    return bytes
  },
  unpack(packed, budget) {
    const keys = packed as Set<Key>
    budget.take(keys.size, distinct.bytes(keys))
    return keys
  },
}

/** Only functions, symbols and what holds them have no key, so plain values pass at once. */
function refusesWithoutKey(value: unknown): string | undefined {
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') return undefined
  try {
    keyOf(value)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function remember(keys: Set<Key>, key: Key, budget: Budget): void {
  if (keys.has(key)) return
  budget.take(1, keyBytes(key))
  keys.add(typeof key === 'string' ? ownText(key) : key)
}

/** The aggregate of each name. */
export const aggregateOf: Readonly<Record<AggregateName, Aggregate>> = {
  count: count as Aggregate,
  sum: sum as Aggregate,
  min: extreme(1),
  max: extreme(-1),
  avg: avg as Aggregate,
  distinct: distinct as Aggregate,
}

/** A table of groups in a kernel's memory, with what the kernels leave to JavaScript beside it. */
import { aggregateOf, type Aggregate, type AggregateName } from '../spec/aggregate.ts'
import { Budget } from '../spec/budget.ts'
import type { KernelMemory } from './kernel-memory.ts'
import {
  AGG_AVG,
  AGG_COUNTS,
  AGG_MAX,
  AGG_MIN,
  AGG_SUM,
  GROUP_KEY_LENGTH,
  GROUP_STATES,
  LEFT_BYTES,
  STATE_BYTES,
  TABLE_AGGS,
  TABLE_AGG_COUNT,
  TABLE_BYTES,
  TABLE_CHUNKS,
  TABLE_CHUNK_AT,
  TABLE_CHUNK_COUNT,
  TABLE_FULL,
  TABLE_GROUPS,
  TABLE_KEYS,
  TABLE_KEY_COUNT,
  TABLE_LEFT,
  TABLE_LIMIT,
  TABLE_REFUSED,
} from './layout.ts'

/** A table as it travels to another thread. */
export interface PackedGroups {
  groups: number
  /** Groups one behind the other, in the order in which they were first seen; each piece holds whole ones. */
  chunks: ArrayBuffer[]
  /** States of aggregates that are no plain sums or numbers, packed, by index of the group × aggregates + aggregate. */
  states: [number, unknown][]
  /** Values of keys that are no plain text or number, by their canonical bytes as Latin-1. */
  values: [string, unknown][]
}

export interface GroupsSetup {
  /** Addresses of the columns that are grouped by. */
  keys: readonly number[]
  /** AGG_COUNTS …, and the address of the column it reads, or 0. */
  aggregates: readonly { fn: number; column: number }[]
  /** Rows of a task at most; 0 for a table that only merges. */
  rowLimit: number
  maxGroups: number
}

/** What adds up the values that the kernels leave. Averages count by themselves, so that of theirs only the sum is left. */
const LEFT_TO: Record<number, AggregateName> = {
  [AGG_COUNTS]: 'count',
  [AGG_SUM]: 'sum',
  [AGG_AVG]: 'sum',
  [AGG_MIN]: 'min',
  [AGG_MAX]: 'max',
}
const MOST_GROUPS = 2 ** 32 - 1

export class KernelGroups {
  readonly address: number
  readonly functions: readonly number[]
  readonly states = new Map<number, unknown>()
  readonly values = new Map<string, unknown>()
  readonly #memory: KernelMemory
  readonly #aggregates: readonly Aggregate[]
  readonly #budget: Budget
  readonly #maxGroups: number

  constructor(memory: KernelMemory, { keys, aggregates, rowLimit, maxGroups }: GroupsSetup) {
    this.#memory = memory
    this.#maxGroups = Math.min(Number.isFinite(maxGroups) ? maxGroups : Infinity, MOST_GROUPS)
    this.functions = aggregates.map(({ fn }) => fn)
    this.#aggregates = aggregates.map(({ fn }) => aggregateOf[LEFT_TO[fn]!])
    this.#budget = new Budget({
      limit: maxGroups,
      what: 'groups and distinct values',
      field: 'maxGroups',
      remedy: 'Group by fewer or coarser values',
    })
    const table = memory.allocate(TABLE_BYTES)
    this.address = table
    const keyList = memory.allocate(keys.length * 4)
    const list = memory.allocate(aggregates.length * 8)
    const left = memory.allocate(rowLimit * aggregates.length * LEFT_BYTES)
    const refused = memory.allocate(rowLimit * 4)
    keys.forEach((column, i) => memory.put(keyList + i * 4, column))
    aggregates.forEach(({ fn, column }, i) => {
      memory.put(list + i * 8, fn)
      memory.put(list + i * 8 + 4, column)
    })
    memory.put(table + TABLE_KEY_COUNT, keys.length)
    memory.put(table + TABLE_KEYS, keyList)
    memory.put(table + TABLE_AGG_COUNT, aggregates.length)
    memory.put(table + TABLE_AGGS, list)
    memory.put(table + TABLE_LIMIT, this.#maxGroups)
    memory.put(table + TABLE_LEFT, left)
    memory.put(table + TABLE_REFUSED, refused)
    memory.kernel.exports.openTable(table)
    memory.refresh()
  }

  get count(): number {
    return this.#memory.get(this.address + TABLE_GROUPS)
  }

  /** @throws NodeError where there were to be more groups than the node may hold */
  checkFull(): void {
    if (this.#memory.get(this.address + TABLE_FULL) !== 0) this.#budget.take(this.#maxGroups + 1)
  }

  /** Adds a value that the kernels left. */
  addLeft(group: number, aggregate: number, value: unknown): void {
    const at = group * this.functions.length + aggregate
    const { init, add } = this.#aggregates[aggregate]!
    this.states.set(at, add(this.states.get(at) ?? init(), value, this.#budget))
  }

  /** Where the groups lie: pairs of addresses. */
  chunks(): { from: number; to: number }[] {
    const memory = this.#memory
    const count = memory.get(this.address + TABLE_CHUNK_COUNT)
    const list = memory.get(this.address + TABLE_CHUNKS)
    return Array.from({ length: count }, (_, i) => ({
      from: memory.get(list + i * 8),
      to: i === count - 1 ? memory.get(this.address + TABLE_CHUNK_AT) : memory.get(list + i * 8 + 4),
    }))
  }

  pack(): PackedGroups {
    const { buffer } = this.#memory.kernel.memory
    const width = this.functions.length
    return {
      groups: this.count,
      chunks: this.chunks().map(({ from, to }) => buffer.slice(from, to)),
      states: [...this.states].map(([at, state]) => [at, this.#packed(at % width, state)]),
      values: [...this.values],
    }
  }

  #packed(aggregate: number, state: unknown): unknown {
    return this.#aggregates[aggregate]!.pack?.(state) ?? state
  }

  /** Adds the groups of a table that saw its records later. @throws NodeError where there are too many */
  merge({ groups, chunks, states, values }: PackedGroups): void {
    const memory = this.#memory
    const indexes = states.length > 0 ? memory.allocate(groups * 4) : 0
    let largest = 0
    for (const chunk of chunks) largest = Math.max(largest, chunk.byteLength)
    const room = memory.allocate(largest)
    let at = indexes
    for (const chunk of chunks) {
      memory.bytes.set(new Uint8Array(chunk), room)
      memory.kernel.exports.mergeGroups(this.address, room, room + chunk.byteLength, at)
      memory.refresh()
      this.checkFull()
      if (indexes !== 0) at += 4 * this.#groupsIn(room, chunk.byteLength)
    }
    const width = this.functions.length
    for (const [place, packed] of states) {
      const aggregate = place % width
      const group = memory.get(indexes + Math.floor(place / width) * 4)
      this.#mergeState(group * width + aggregate, aggregate, packed)
    }
    for (const [bytes, value] of values) if (!this.values.has(bytes)) this.values.set(bytes, value)
  }

  #mergeState(at: number, aggregate: number, packed: unknown): void {
    const { unpack, merge, init } = this.#aggregates[aggregate]!
    const state = unpack ? unpack(packed, this.#budget) : packed
    this.states.set(at, merge(this.states.get(at) ?? init(), state, this.#budget))
  }

  /** Groups are known by their indexes, which rise by one from each to the next. */
  #groupsIn(at: number, bytes: number): number {
    let count = 0
    for (let group = at; group < at + bytes; group += groupBytes(this.#memory, group, this.functions.length))
      count++
    return count
  }
}

/** What a group takes, its key included. */
export function groupBytes(memory: KernelMemory, group: number, aggregates: number): number {
  return (GROUP_STATES + STATE_BYTES * aggregates + memory.get(group + GROUP_KEY_LENGTH) + 7) & ~7
}

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
  TABLE_PIECE,
  TABLE_REFUSED,
} from './layout.ts'

/** A table as it travels to another thread. */
export interface PackedGroups {
  groups: number
  /** Whole groups one behind the other, in the order in which they were first seen, and the piece of the source this was in. */
  chunks: { piece: number; bytes: ArrayBuffer }[]
  /** States of aggregates that are no plain sums or numbers, packed, by index of the group × aggregates + aggregate. */
  states: [place: number, packed: unknown, piece: number][]
  /** Values of keys that are no plain text or number, by their canonical bytes as Latin-1. */
  values: [bytes: string, value: unknown, piece: number][]
}

/** What JavaScript added up for one aggregate of one group, and the last piece of the source that changed it. */
interface LeftState {
  state: unknown
  piece: number
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
  readonly states = new Map<number, LeftState>()
  /** Values of keys, with the first piece of the source that had them: equal ones may be written in several ways. */
  readonly values = new Map<string, { value: unknown; piece: number }>()
  /** Where the groups of each piece begin. */
  readonly #marks: { piece: number; chunk: number; at: number }[] = []
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

  /** What comes now is of this piece of the source. Pieces only rise. */
  beginPiece(piece: number): void {
    const memory = this.#memory
    memory.put(this.address + TABLE_PIECE, piece)
    const chunk = Math.max(0, memory.get(this.address + TABLE_CHUNK_COUNT) - 1)
    this.#marks.push({ piece, chunk, at: memory.get(this.address + TABLE_CHUNK_AT) })
  }

  /** Adds a value that the kernels left. */
  addLeft(group: number, aggregate: number, value: unknown): void {
    const at = group * this.functions.length + aggregate
    const { init, add } = this.#aggregates[aggregate]!
    const known = this.states.get(at)
    const before = known?.state ?? init()
    const state = add(before, value, this.#budget)
    if (known && state === before) return
    this.states.set(at, { state, piece: this.#memory.get(this.address + TABLE_PIECE) })
  }

  /** Keeps the value that a key's bytes stand for, the first one of equal ones. */
  remember(bytes: string, value: unknown): void {
    const piece = this.#memory.get(this.address + TABLE_PIECE)
    if (!this.values.has(bytes)) this.values.set(bytes, { value, piece })
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
      chunks: this.#pieces().map(({ piece, from, to }) => ({ piece, bytes: buffer.slice(from, to) })),
      states: [...this.states].map(([at, { state, piece }]) => [at, this.#packed(at % width, state), piece]),
      values: [...this.values].map(([bytes, { value, piece }]) => [bytes, value, piece]),
    }
  }

  /** Where the groups of each piece lie, in their order. */
  #pieces(): { piece: number; from: number; to: number }[] {
    const chunks = this.chunks()
    const found: { piece: number; from: number; to: number }[] = []
    if (chunks.length === 0) return found
    this.#marks.forEach(({ piece, chunk, at }, i) => {
      const next = this.#marks[i + 1]
      const last = next?.chunk ?? chunks.length - 1
      for (let place = chunk; place <= last; place++) {
        const { from: begin, to: end } = chunks[place]!
        const from = place === chunk && at !== 0 ? at : begin
        const to = next && place === last ? next.at || begin : end
        if (from < to) found.push({ piece, from, to })
      }
    })
    return found
  }

  #packed(aggregate: number, state: unknown): unknown {
    return this.#aggregates[aggregate]!.pack?.(state) ?? state
  }

  /**
   * Adds the groups of tables that worked on pieces of one source, in the order in which these lie there. Yields now and
   * then, so that others get their turn. @throws NodeError where there are too many
   */
  *merge(tables: readonly PackedGroups[]): Iterable<void> {
    const memory = this.#memory
    const chunks = tables.flatMap(({ chunks }, table) => chunks.map((chunk) => ({ ...chunk, table })))
    // Stable: a table's own are in order already.
    chunks.sort((a, b) => a.piece - b.piece)
    const indexes = tables.map(({ groups, states }) => (states.length > 0 ? memory.allocate(groups * 4) : 0))
    const ends = [...indexes]
    const room = memory.allocate(chunks.reduce((most, { bytes }) => Math.max(most, bytes.byteLength), 0))
    for (const { bytes, table } of chunks) {
      memory.bytes.set(new Uint8Array(bytes), room)
      memory.kernel.exports.mergeGroups(this.address, room, room + bytes.byteLength, ends[table]!)
      memory.refresh()
      this.checkFull()
      if (ends[table] !== 0) ends[table]! += 4 * this.#groupsIn(room, bytes.byteLength)
      yield
    }
    tables.forEach((table, i) => this.#mergeLeft(table, indexes[i]!))
  }

  #mergeLeft({ states, values }: PackedGroups, indexes: number): void {
    const width = this.functions.length
    for (const [place, packed, piece] of states) {
      const aggregate = place % width
      const group = this.#memory.get(indexes + Math.floor(place / width) * 4)
      this.#mergeState(group * width + aggregate, aggregate, { state: packed, piece })
    }
    for (const [bytes, value, piece] of values) {
      const known = this.values.get(bytes)
      if (!known || piece < known.piece) this.values.set(bytes, { value, piece })
    }
  }

  #mergeState(at: number, aggregate: number, { state: packed, piece }: LeftState): void {
    const { unpack, merge } = this.#aggregates[aggregate]!
    const added = { state: unpack ? unpack(packed, this.#budget) : packed, piece }
    const known = this.states.get(at)
    if (!known) return void this.states.set(at, added)
    const [first, second] = piece < known.piece ? [added, known] : [known, added]
    const state = merge(first.state, second.state, this.#budget)
    this.states.set(at, { state, piece: state === second.state ? second.piece : first.piece })
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

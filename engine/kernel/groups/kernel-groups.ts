/** A table of groups in a kernel's memory, with what the kernels leave to JavaScript beside it. */
import { aggregateOf, type Aggregate, type AggregateName } from '../../spec/aggregate.ts'
import { Budget } from '../../spec/budget.ts'
import { groupBytes } from './group-bytes.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import type { GroupChunk, Left, LeftState, PackedGroups } from './packed-groups.ts'
import {
  AGG_AVG,
  AGG_COUNTS,
  AGG_MAX,
  AGG_MIN,
  AGG_SUM,
  CHUNK_BYTES,
  GROUP_INDEX,
  GROUP_STATES,
  LEFT_BYTES,
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
  TABLE_MASK,
  TABLE_PIECE,
  TABLE_REFUSED,
} from '../layout.ts'

export interface GroupsSetup {
  /** Addresses of the columns that are grouped by. */
  keys: readonly number[]
  /** AGG_COUNTS …, and the address of the column it reads, or 0. */
  aggregates: readonly { fn: number; column: number }[]
  /** Rows of a task at most; 0 for a table that only merges. */
  rowLimit: number
  /** As the node has it. */
  maxGroups: number | undefined
}

export function groupBudget(limit: number | undefined): Budget {
  return new Budget({
    limit,
    what: 'groups and distinct values',
    field: 'maxGroups',
    remedy: 'Group by fewer or coarser values',
  })
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
/** A sum of parts with its place in a map. */
const LEFT_STATE_BYTES = 250
const LEAST_GROUP_BYTES = GROUP_STATES

export class KernelGroups {
  readonly address: number
  readonly functions: readonly number[]
  readonly states = new Map<number, LeftState>()
  /** Values of keys, with the first piece of the source that had them: equal ones may be written in several ways. */
  readonly values = new Map<string, { value: unknown; piece: number }>()
  /** Where the groups of each piece begin. */
  #marks: { piece: number; chunk: number; at: number }[] = []
  readonly #memory: KernelMemory
  readonly #aggregates: readonly Aggregate[]
  readonly #budget: Budget
  readonly #maxGroups: number
  /** For groups on their way in, and for the indexes that they get. */
  #room = 0
  #roomBytes = 0
  #list = 0
  #listBytes = 0

  constructor(memory: KernelMemory, { keys, aggregates, rowLimit, maxGroups }: GroupsSetup) {
    this.#memory = memory
    this.#maxGroups = Math.min(maxGroups ?? Infinity, MOST_GROUPS)
    this.functions = aggregates.map(({ fn }) => fn)
    this.#aggregates = aggregates.map(({ fn }) => aggregateOf[LEFT_TO[fn]!])
    this.#budget = groupBudget(maxGroups)
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

  /** Bytes of memory that the groups take; of what JavaScript holds, an estimate. */
  get bytes(): number {
    const memory = this.#memory
    const chunks = memory.get(this.address + TABLE_CHUNK_COUNT) * CHUNK_BYTES
    const slots = (memory.get(this.address + TABLE_MASK) + 1) * 8
    return chunks + slots + (this.states.size + this.values.size) * LEFT_STATE_BYTES
  }

  /** Forgets all groups; what comes next is still of the piece at hand. */
  clear(): void {
    const last = this.#marks.at(-1)
    this.#memory.kernel.exports.emptyTable(this.address)
    this.states.clear()
    this.values.clear()
    this.#marks = last ? [{ piece: last.piece, chunk: 0, at: 0 }] : []
  }

  /** Copies of all that is held. */
  pack(): PackedGroups {
    const { bytes } = this.#memory
    const { states, values } = this.packLeft()
    // In memory that is not shared, so that it can go over to another thread.
    const copy = (from: number, to: number) => new Uint8Array(bytes.subarray(from, to)).buffer
    const chunks = this.pieces().map(({ piece, from, to }) => ({ piece, bytes: copy(from, to) }))
    return { groups: this.count, chunks, states, values }
  }

  /** What JavaScript holds of the groups. */
  packLeft(): Left {
    const width = this.functions.length
    return {
      states: [...this.states].map(([at, { state, piece }]) => [at, this.#packed(at % width, state), piece]),
      values: [...this.values].map(([bytes, { value, piece }]) => [bytes, value, piece]),
    }
  }

  /** Where the groups of each piece lie, in their order. */
  pieces(): { piece: number; from: number; to: number }[] {
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
    const chunks = tables.flatMap(({ chunks }, table) => chunks.map((chunk) => ({ ...chunk, table })))
    // Stable: a table's own are in order already.
    chunks.sort((a, b) => a.piece - b.piece)
    const indexes = tables.map(({ states }) => (states.length > 0 ? new Map<number, number>() : undefined))
    for (const chunk of chunks) {
      this.mergeChunk(chunk, { indexes: indexes[chunk.table] })
      yield
    }
    tables.forEach((table, i) => this.mergeLeft(table, indexes[i]))
  }

  /**
   * Adds groups of another table of the same aggregates. Where they come in the order in which they were first seen, so
   * do those of this table; their numbers tell in any case.
   * @param how `base`: what their indexes there are raised by to be their numbers, where they are to get other ones;
   *   `indexes`: gets, by index there, that here
   */
  mergeChunk(
    { bytes }: Pick<GroupChunk, 'bytes'>,
    how: { base?: number; indexes: Map<number, number> | undefined },
  ): void {
    const memory = this.#memory
    const { byteLength } = bytes
    const { base = -1, indexes } = how
    if (byteLength > this.#roomBytes) this.#room = memory.allocate((this.#roomBytes = byteLength))
    const [from, to] = [this.#room, this.#room + byteLength]
    memory.bytes.set(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes, from)
    const list = indexes ? this.#listFor(byteLength) : 0
    memory.kernel.exports.mergeGroups(this.address, from, to, list, base)
    memory.refresh()
    this.checkFull()
    if (!indexes) return
    const width = this.functions.length
    for (let group = from, at = list; group < to; group += groupBytes(memory, group, width), at += 4)
      indexes.set(memory.get(group + GROUP_INDEX), memory.get(at))
  }

  /** Room for an index of each group in so many bytes. */
  #listFor(bytes: number): number {
    const wanted = Math.ceil(bytes / LEAST_GROUP_BYTES) * 4
    if (wanted > this.#listBytes) this.#list = this.#memory.allocate((this.#listBytes = wanted))
    return this.#list
  }

  /** Adds what JavaScript held beside groups that were merged. @param indexes of these groups here, by those there */
  mergeLeft({ states, values }: Left, indexes: ReadonlyMap<number, number> | undefined): void {
    const width = this.functions.length
    for (const [place, packed, piece] of states) {
      const aggregate = place % width
      const group = indexes!.get(Math.floor(place / width))!
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
}

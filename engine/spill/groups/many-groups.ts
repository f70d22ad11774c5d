/**
 * More groups than a table of objects is good for, and more than memory holds. While there is room they are rows in
 * memory. When it is full, all of them go to files, divided by the hashes of their keys, and new rows begin; the parts
 * of a group are merged at the end, one file at a time, and put back in the order in which groups were first seen.
 */
import type { Memory } from '../../spec/node.ts'
import { BlockWriter } from './blocks.ts'
import { GroupRows } from './group-rows.ts'
import {
  checkEach,
  fileAt,
  FILES,
  layMerged,
  mergeFiles,
  type MergedInto,
  type ShiftedFile,
} from './merge-files.ts'
import {
  allOf,
  coarser,
  rangeInOrder,
  rangesOf,
  refined,
  type OrderedRows,
  type PlaceRanges,
  type RowSource,
} from './place-ranges.ts'
import { BLOCK_ROWS, PIECE_ROWS, RowFile, RowFiles, type RowFileData } from './row-files.ts'
import type { StateColumn } from './state-column.ts'
import { TableSize } from './table-size.ts'

/** Groups as they travel to another thread: blocks, or files that hold blocks. */
export interface ManyGroupsData {
  blocks: Uint8Array[]
  files: RowFileData[] | undefined
  seen: number
}

export interface ManyGroupsSetup {
  memory: Memory
  /** Fields that are grouped by. */
  fields: number
  newColumns(): StateColumn[]
  /** What a group is, for the message that one alone is too large: "One group". */
  one: string
}

/** Rows are divided among two tables, one of which is on its way to disk. */
const FULL = 0.5
/** Steps in which rows are laid on disk, while the table that is filled meanwhile gets half full. */
const STEPS = 64
export class ManyGroups {
  /** The rows that take new records. */
  rows: GroupRows
  /** True where `makeRoom` is to be called before the next record. */
  isFull = false
  /** Told of each row that is begun, while all of them are in memory. */
  begun: () => void = () => {}
  /** Told when the first rows go to disk. */
  spilled: () => void = () => {}
  readonly #setup: ManyGroupsSetup
  /** Entries that were begun: places are below it. Groups that went to disk are counted again. */
  #seen = 0
  #files: RowFiles | undefined
  /** Files of groups that all came behind those above. */
  readonly #later: { files: RowFiles; shift: number }[] = []
  /** The other table, on its way to disk while `#laying`. */
  #spare: GroupRows | undefined
  #laying: Iterator<undefined> | undefined
  /** Bytes of rows at which something more is to be laid on disk, and how many blocks. */
  #next = 0
  #blocksEach = 1
  readonly #size: TableSize
  /** Records since the table was begun. */
  #records = 0
  #ordered: RowFiles | undefined
  #span = 1

  constructor(setup: ManyGroupsSetup, data?: ManyGroupsData) {
    this.#setup = setup
    this.#size = new TableSize(setup.memory.bytes * FULL)
    this.rows = new GroupRows(setup.newColumns())
    if (!data) return
    this.#seen = data.seen
    if (data.files) this.#files = new RowFiles(data.files.map((file) => new RowFile(setup.memory, file)))
    this.#absorb(data.blocks, 0)
  }

  /** True once not all groups are in memory. */
  get isSpilled(): boolean {
    return this.#files !== undefined || this.#later.length > 0
  }

  /** Places are below it. */
  get seen(): number {
    return this.#seen
  }

  /** What all groups take in memory, also those on disk. */
  get bytes(): number {
    return this.rows.bytes + (this.#spare?.bytes ?? 0) + (this.#files?.bytes ?? 0)
  }

  /**
   * The row of the key that was put, begun where there is none.
   * @param valueOf gives the values of the key where its bytes do not
   */
  rowOf<Source>(source: Source, valueOf: (source: Source, field: number) => unknown): number {
    const { rows } = this
    const { keys } = rows
    const hash = keys.hash()
    const found = rows.find(hash)
    this.#records++
    if (found >= 0) return found
    if (!this.isSpilled) this.begun()
    const row = rows.begin(hash, this.#seen++)
    if (keys.odd) {
      const values = Array.from({ length: this.#setup.fields }, (_, field) => valueOf(source, field))
      rows.keepOdd(row, values)
    }
    this.#look()
    return row
  }

  /** Something that is kept of a group has become larger. */
  grow(bytes: number): void {
    this.rows.extra += bytes
    this.#look()
  }

  /**
   * Lays rows on disk where there are too many: afterwards `rows` may be others.
   * @throws NodeError where the disk cannot take them, or one group is more than memory holds
   */
  makeRoom(): void {
    this.isFull = false
    if (this.rows.bytes > this.#size.bytes) {
      this.#finishLaying()
      this.#turnOver()
    }
    for (let left = this.#blocksEach; this.#laying && left > 0; left--)
      if (this.#laying.next().done) this.#laid()
    this.#next = this.rows.bytes + this.#size.bytes / (2 * STEPS)
  }

  /** Joins groups that were seen behind these; they are not to be used any more. */
  append(later: ManyGroups): void {
    later.#finishLaying()
    const shift = this.#seen
    // Of equal values the first is kept, so groups are joined in their order: what is in memory here before all later files.
    if (later.isSpilled || this.#later.length > 0) for (const _ of later.#layAll());
    if (later.#files) this.#later.push({ files: later.#files, shift })
    for (const { files, shift: further } of later.#later) this.#later.push({ files, shift: shift + further })
    this.#absorb(later.#blocks(), shift)
    this.#seen += later.#seen
  }

  /** Lays on disk what is in memory, where something is there already, and puts all groups in order, in steps. */
  *settle(): Generator<undefined, undefined> {
    if (!this.isSpilled || this.#ordered) return
    yield* this.#layAll()
    const sources = [{ files: this.#files!, shift: 0 }, ...this.#later]
    const bytes = sources.reduce((sum, { files }) => sum + files.bytes, 0)
    const ranges = rangesOf(this.#seen, bytes, this.#setup.memory)
    const all = Array.from({ length: FILES }, (_, at) =>
      sources.map(({ files, shift }) => ({ file: files.files[at]!, shift })),
    )
    yield* this.#mergeAll(all, ranges)
    return undefined
  }

  /** All of it as files, by the first bits of the hashes, in steps. */
  *toFiles(): Generator<undefined, RowFileData[]> {
    yield* this.#layAll()
    return this.#files!.files.map((file) => file.data())
  }

  /**
   * In place of `settle`: merges files of several threads, each list in the order in which they saw their groups, and
   * puts the groups in ranges of places.
   */
  *mergeFiles(all: readonly ShiftedFile[][], ranges: PlaceRanges): Generator<undefined, RowFileData[]> {
    yield* this.#mergeAll(all, ranges)
    return this.#ordered!.files.map((file) => file.data())
  }

  *#mergeAll(all: readonly ShiftedFile[][], ranges: PlaceRanges): Generator<undefined, undefined> {
    const { count, span } = coarser(ranges)
    const into: MergedInto = {
      ...this.#setup,
      rows: this.rows,
      merged: (rows) => this.merged(rows),
      ordered: RowFiles.make(this.#setup.memory, count),
      span,
    }
    for (const files of all) yield* mergeFiles(into, files)
    yield* layMerged(into)
    this.#ordered = yield* refined(into.ordered, ranges, this.#here)
    this.#span = ranges.span
    return undefined
  }

  /** Called for the rows of groups that are whole, after `settle` has merged them. */
  merged: (rows: GroupRows) => void = () => {};

  /** All groups in the order in which they were first seen, some rows at a time; `settle` has to be done. */
  *inOrder(): Generator<OrderedRows, undefined> {
    const { rows } = this
    if (this.#ordered) {
      for (const [at, file] of this.#ordered.files.entries())
        yield* rangeInOrder(this.#here, [file], { from: at * this.#span, span: this.#span })
    } else yield { rows, order: allOf(rows) }
    return undefined
  }

  /** The same of groups that several threads have put in ranges of places: by range, what each of them has of it. */
  *rangesInOrder(all: readonly RowSource[][], span: number): Generator<OrderedRows, undefined> {
    for (const [at, sources] of all.entries())
      yield* rangeInOrder(this.#here, sources, { from: at * span, span })
    return undefined
  }

  /** All of it as data for another thread. */
  data(): ManyGroupsData {
    if (this.#later.length > 0) throw new Error('groups that were merged do not travel')
    if (!this.isSpilled) return { blocks: [...this.#blocks()], files: undefined, seen: this.#seen }
    for (const _ of this.#layAll());
    return { blocks: [], files: this.#files!.files.map((file) => file.data()), seen: this.#seen }
  }

  get #here(): { rows: GroupRows; memory: Memory } {
    return { rows: this.rows, memory: this.#setup.memory }
  }

  #look(): void {
    const { bytes } = this.rows
    if (bytes > this.#size.bytes || (this.#laying && bytes >= this.#next)) this.isFull = true
  }

  /** Full rows become those that are on their way to disk. */
  #turnOver(): void {
    const { rows } = this
    checkEach(rows, this.#setup)
    if (!this.isSpilled) this.spilled()
    this.#files ??= RowFiles.make(this.#setup.memory, FILES)
    this.#laying = this.#files.lay(rows, fileAt(rows, 0))
    this.#blocksEach = Math.ceil((FILES * Math.ceil(rows.count / PIECE_ROWS)) / STEPS)
    const changes = this.#size.turn({ records: this.#records, rows: rows.count, bytes: rows.bytes })
    const spare = changes ? undefined : this.#spare
    this.#records = 0
    this.rows = spare ?? new GroupRows(this.#setup.newColumns())
    this.#spare = rows
  }

  #finishLaying(): void {
    while (this.#laying) if (this.#laying.next().done) this.#laid()
  }

  #laid(): void {
    this.#laying = undefined
    this.#spare!.clear()
  }

  #absorb(blocks: Iterable<Uint8Array>, shift: number): void {
    for (const block of blocks) {
      if (this.isFull) this.makeRoom()
      this.rows.absorb(aligned(block), shift)
      this.#look()
    }
  }

  *#layAll(): Generator<undefined, undefined> {
    if (this.#laying) while (!this.#laying.next().done) yield undefined
    this.#laying = undefined
    this.#spare = undefined
    this.#files ??= RowFiles.make(this.#setup.memory, FILES)
    yield* this.#files.lay(this.rows, fileAt(this.rows, 0))
    this.rows.clear()
    return undefined
  }

  /** The rows in memory as blocks of their own. */
  *#blocks(): Generator<Uint8Array, undefined> {
    const { rows } = this
    const order = allOf(rows)
    for (let from = 0; from < rows.count; from += BLOCK_ROWS) {
      const out = new BlockWriter()
      rows.write(out, order, from, Math.min(rows.count, from + BLOCK_ROWS))
      yield out.done().slice()
    }
    return undefined
  }
}

/** A block that came from another thread may lie anywhere. */
function aligned(block: Uint8Array): Uint8Array {
  return block.byteOffset % 8 === 0 ? block : block.slice()
}

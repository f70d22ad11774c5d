/** Rows divided among files: by the hashes of their keys, or by their places in the order of groups. */
import type { Memory } from '../../spec/node.ts'
import { ByteFile } from '../byte-file.ts'
import { BlockWriter, roomToRead } from './blocks.ts'
import type { GroupRows } from './group-rows.ts'

/** Rows of a block: they are read and taken in one step. */
export const BLOCK_ROWS = 4096
/** Rows that are divided at once: their columns stay in the cache of the processor, which halves the time. */
export const PIECE_ROWS = 65_536
/** A block with rows that take much is about as large. */
const BLOCK_BYTES = 256 * 1024

/** A file as data that may travel to another thread of the process. */
export interface RowFileData {
  path: string
  /** Bytes of each block, in order. */
  blocks: number[]
  rows: number
  bytes: number
}

/** Blocks of rows on disk. */
export class RowFile {
  readonly #file: ByteFile
  readonly #blocks: number[]
  rows: number
  /** What the rows took in memory. */
  bytes: number

  constructor(memory: Memory, data?: RowFileData) {
    this.#file = data ? ByteFile.at(data.path) : new ByteFile(memory)
    this.#blocks = data?.blocks ?? []
    this.rows = data?.rows ?? 0
    this.bytes = data?.bytes ?? 0
  }

  data(): RowFileData {
    return { path: this.#file.path, blocks: this.#blocks, rows: this.rows, bytes: this.bytes }
  }

  append(block: Uint8Array): void {
    this.#file.append(block)
    this.#blocks.push(block.length)
  }

  /** Block by block; each is good until the next one is read from any file. */
  *blocks(): Generator<Uint8Array, undefined> {
    let from = 0
    for (const length of this.#blocks) {
      const block = roomToRead(length)
      this.#file.read(block, from)
      from += length
      yield block
    }
    return undefined
  }

  remove(): void {
    this.#file.remove()
  }
}

export class RowFiles {
  readonly files: RowFile[]

  constructor(files: RowFile[]) {
    this.files = files
  }

  static make(memory: Memory, count: number): RowFiles {
    return new RowFiles(Array.from({ length: count }, () => new RowFile(memory)))
  }

  get bytes(): number {
    return this.files.reduce((bytes, file) => bytes + file.bytes, 0)
  }

  /**
   * Lays all rows in the files, with a pause behind each block. The rows must stay as they are until it is done.
   * @param fileOf the file of a row, by its index
   */
  *lay(rows: GroupRows, fileOf: (row: number) => number): Generator<undefined, undefined> {
    const bytes = rows.count === 0 ? 0 : rows.bytes / rows.count
    const most = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_BYTES / bytes)))
    for (let begin = 0; begin < rows.count; begin += PIECE_ROWS) {
      const piece = { begin, end: Math.min(rows.count, begin + PIECE_ROWS) }
      const { order, ends } = ordered(piece, this.files.length, fileOf)
      let from = 0
      for (const [at, end] of ends.entries()) {
        const file = this.files[at]!
        file.rows += end - from
        file.bytes += (end - from) * bytes
        for (; from < end; from = Math.min(end, from + most)) {
          const out = new BlockWriter()
          rows.write(out, order, from, Math.min(end, from + most))
          file.append(out.done())
          yield undefined
        }
      }
    }
    return undefined
  }

  clear(): void {
    for (const file of this.files) file.remove()
  }
}

/** Rows of a piece by file, and in each by index; `ends` has where each file's end. */
function ordered(
  { begin, end }: { begin: number; end: number },
  files: number,
  fileOf: (row: number) => number,
): { order: Int32Array; ends: Int32Array } {
  const of = new Uint16Array(end - begin)
  const ends = new Int32Array(files)
  for (let row = begin; row < end; row++) ends[(of[row - begin] = fileOf(row))]!++
  for (let at = 0, before = 0; at < files; at++) {
    const here = ends[at]!
    ends[at] = before
    before += here
  }
  const order = new Int32Array(end - begin)
  for (let row = begin; row < end; row++) order[ends[of[row - begin]!]!++] = row
  return { order, ends }
}

/**
 * A temporary file of records: written in blocks, read back in the order of writing, as often as wanted.
 */
import type { Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { decodeBlock, encodeBlock } from './block-codec.ts'
import { ByteFile } from './byte-file.ts'

/** A block in memory: large enough that opening the file for it costs nothing beside it. */
const BLOCK_BYTES = 256 * 1024
const LEAST_BLOCK_BYTES = 4 * 1024
const BLOCK_RECORDS = 4096

/** A file as data that may travel to another thread of the process. */
export interface RecordFileData {
  path: string
  /** Bytes of each block on disk, in order. */
  blocks: number[]
  count: number
  bytes: number
}

/** How large blocks may be where `files` of them are in memory at once, in a quarter of what the node may hold. */
export function blockBytesFor(memory: Memory, files: number): number {
  return Math.min(BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, Math.floor(memory.bytes / 4 / files)))
}

export class RecordFile<Value = unknown> {
  readonly #blockBytes: number
  #file: ByteFile
  #blocks: number[] = []
  #values: Value[] = []
  #waiting = 0
  #count = 0
  #bytes = 0

  /** @param blockBytes bytes of records in memory that make a block */
  constructor(memory: Pick<Memory, 'newFile'>, blockBytes = BLOCK_BYTES) {
    this.#file = new ByteFile(memory)
    this.#blockBytes = blockBytes
  }

  /** A file that another thread has written; remove it here. */
  static from<Value>(data: RecordFileData): RecordFile<Value> {
    const file = new RecordFile<Value>({ newFile: () => data.path })
    file.#file = ByteFile.at(data.path)
    file.#blocks = data.blocks
    file.#count = data.count
    file.#bytes = data.bytes
    return file
  }

  /** Records that were added. */
  get count(): number {
    return this.#count
  }
  /** What they take in memory, estimated. */
  get bytes(): number {
    return this.#bytes
  }

  /** @throws NodeError where the disk cannot take it, or a record cannot be written down */
  add(value: Value, bytes = recordBytes(value)): void {
    this.#values.push(value)
    this.#count++
    this.#bytes += bytes
    this.#waiting += bytes
    if (this.#waiting >= this.#blockBytes || this.#values.length >= BLOCK_RECORDS) this.flush()
  }

  /** Writes what waits for its block to be full. */
  flush(): void {
    if (this.#values.length === 0) return
    const block = encodeBlock(this.#values)
    this.#values = []
    this.#waiting = 0
    this.#file.append(block)
    this.#blocks.push(block.length)
  }

  /** Blocks of records, each as a fresh array. Ends with what was there when it began. */
  *blocks(): Generator<Value[], undefined> {
    this.flush()
    const end = this.#blocks.length
    let from = 0
    for (let at = 0; at < end; at++) {
      const length = this.#blocks[at]!
      yield decodeBlock(this.#read(from, length)) as Value[]
      from += length
    }
    return undefined
  }

  *[Symbol.iterator](): Generator<Value, undefined> {
    for (const block of this.blocks()) yield* block
    return undefined
  }

  /** What another thread needs to read it with `from`. */
  data(): RecordFileData {
    this.flush()
    return { path: this.#file.path, blocks: this.#blocks, count: this.#count, bytes: this.#bytes }
  }

  /** Gives the disk back. Never throws: the folder is removed in the end. */
  remove(): void {
    this.#values = []
    this.#file.remove()
  }

  #read(from: number, length: number): Buffer {
    const block = room(length)
    this.#file.read(block, from)
    return block
  }
}

/** Blocks are decoded as soon as they are read, so one buffer does for all of them but the largest. */
let shared: Buffer | undefined
function room(length: number): Buffer {
  if (length > 4 * BLOCK_BYTES) return Buffer.allocUnsafeSlow(length)
  shared ??= Buffer.allocUnsafeSlow(4 * BLOCK_BYTES)
  return shared.subarray(0, length)
}

/** Sorted entries on disk, and what reads them one after the other. */
import type { Memory } from '../../spec/node.ts'
import { ByteFile } from '../byte-file.ts'
import { ByteBuffer } from './byte-buffer.ts'
import { entryLength, keyWord, type EntryCodec } from './entries.ts'

const out = new ByteBuffer(512 * 1024)

export class EntryRun {
  readonly #file: ByteFile
  readonly #blockBytes: number
  /** Bytes of each block, in order: entries are never cut. */
  readonly #blocks: number[] = []

  constructor(memory: Memory, blockBytes: number) {
    this.#file = new ByteFile(memory)
    this.#blockBytes = blockBytes
  }

  /**
   * Writes entries in their order, with a pause behind each block.
   * @param entries puts the next one behind what is there, or returns false at the end
   */
  *write(put: (into: ByteBuffer) => boolean): Generator<undefined, undefined> {
    for (let more = true; more;) {
      out.end = 0
      while (more && out.end < this.#blockBytes) more = put(out)
      if (out.end === 0) break
      this.#file.append(out.bytes.subarray(0, out.end))
      this.#blocks.push(out.end)
      yield undefined
    }
    return undefined
  }

  /** All entries, to be read once. */
  cursor(order: number): EntryCursor {
    return new EntryCursor(order, this.#read())
  }

  remove(): void {
    this.#file.remove()
  }

  *#read(): Generator<Buffer, undefined> {
    const room = Buffer.allocUnsafeSlow(this.#blocks.reduce((most, length) => Math.max(most, length), 0))
    let from = 0
    for (const length of this.#blocks) {
      const block = room.subarray(0, length)
      this.#file.read(block, from)
      from += length
      yield block
    }
    this.remove()
    return undefined
  }
}

/** The entry at hand of a run. */
export class EntryCursor {
  readonly order: number
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  /** The first bytes of its key. */
  word = 0
  readonly #blocks: Iterator<Buffer>
  /** The same bytes by four. */
  #words = new Uint32Array(0) as Uint32Array

  constructor(order: number, blocks: Iterator<Buffer>) {
    this.order = order
    this.#blocks = blocks
  }

  /** Goes to the first entry, or to the next one; false at the end. */
  advance(): boolean {
    if (this.bytes.length > 0) this.start += entryLength(this.bytes, this.start)
    if (this.start === this.bytes.length) {
      const next = this.#blocks.next()
      if (next.done) return false
      this.bytes = next.value
      const { buffer, byteOffset, length } = this.bytes
      this.#words = new Uint32Array(buffer, byteOffset, length >> 2)
      this.start = 0
    }
    this.word = keyWord(this.bytes, this.start, 0) * 65536 + (keyWord(this.bytes, this.start, 4) >>> 16)
    return true
  }

  /** Puts the entry at hand behind what is there. */
  put(into: ByteBuffer): void {
    into.copyWords(this.#words, this.start, entryLength(this.bytes, this.start))
  }

  /** Bytes of the key that `word` has. */
  static readonly WORD_BYTES = 6
}

/** Cursors of several runs as one: the least entry is at hand; of equal ones that of the earlier run. */
export class EntryMerge {
  readonly #codec: EntryCodec
  readonly #heap: EntryCursor[]

  constructor(codec: EntryCodec, runs: readonly EntryRun[]) {
    this.#codec = codec
    this.#heap = runs.map((run, order) => run.cursor(order)).filter((cursor) => cursor.advance())
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  /** Undefined at the end. */
  get least(): EntryCursor | undefined {
    return this.#heap[0]
  }

  /** Leaves the least entry. */
  advance(): void {
    const heap = this.#heap
    if (!heap[0]!.advance()) {
      const last = heap.pop()!
      if (heap.length === 0) return
      heap[0] = last
    }
    this.#sink(0)
  }

  #before(a: EntryCursor, b: EntryCursor): boolean {
    if (a.word !== b.word) return a.word < b.word
    return (this.#codec.compare(a, b, EntryCursor.WORD_BYTES) || a.order - b.order) < 0
  }

  #sink(start: number): void {
    const heap = this.#heap
    const cursor = heap[start]!
    const { length } = heap
    let at = start
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && this.#before(heap[child + 1]!, heap[child]!)) child++
      if (!this.#before(heap[child]!, cursor)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = cursor
  }
}

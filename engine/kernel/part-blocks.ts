/**
 * Reads a part of a file into a kernel's memory, block by block, each of whole lines. Which lines are the part's, and
 * what fails the reading, is as in engine/formats (file-part.ts, line-reader.ts).
 */
import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { fileError } from '../formats/file-error.ts'
import { changedError, checkUnchanged } from '../formats/file-changed.ts'
import type { FilePart } from '../formats/file-part.ts'
import { BINARY_WINDOW, refuseBinary } from '../formats/line-reader.ts'
import type { KernelMemory } from './kernel-memory.ts'
import { GUARD } from './layout.ts'

const LF = 10
const MARK = [0xef, 0xbb, 0xbf] as const

/** Whole lines in the memory, the last one's LF included. */
export interface Block {
  from: number
  to: number
  /** What they take in the file. */
  bytes: number
  ascii: boolean
  /** UTF-8 without NUL. */
  clean: boolean
  /** Holds a line that is longer than is allowed. */
  long: boolean
}

/** A line did not fit into what a line may take. */
export class LineTooLong extends Error {}

export class PartBlocks {
  /** Where the first line of the part begins. */
  start = 0
  readonly #memory: KernelMemory
  readonly #blockBytes: number
  readonly #maxLineBytes: number
  #at = 0
  #room = 0
  #fd: number | undefined
  #part!: FilePart
  /** Position in the file behind what is in the memory. */
  #position = 0
  /** Bytes from #at on that are in the memory. */
  #held = 0
  /** Of these, what was given as a block. */
  #given = 0
  /** Bytes of a byte order mark that the next block begins with; they are of no line. */
  #mark = 0
  #done = false

  constructor(memory: KernelMemory, maxLineBytes: number, blockBytes: number) {
    this.#memory = memory
    this.#blockBytes = blockBytes
    this.#maxLineBytes = maxLineBytes
    this.#room = blockBytes * 2
    this.#at = memory.allocate(this.#room + GUARD)
  }

  /** What was given is the last of the part. */
  get isLast(): boolean {
    return this.#done
  }

  /**
   * @param start of the part's first row, where that is not its first line
   * @throws NodeError where the file cannot be read, is no text, or is not the one that was cut
   */
  open(part: FilePart, start?: number): void {
    this.close()
    this.#part = part
    this.#held = 0
    this.#given = 0
    this.#done = false
    this.#guarded(() => {
      this.#fd = openSync(part.path, 'r')
      checkUnchanged(part, fstatSync(this.#fd))
      const head = Buffer.alloc(Math.min(BINARY_WINDOW, part.size))
      const length = readSync(this.#fd, head, 0, head.length, 0)
      refuseBinary(head.subarray(0, length), 0, part.name)
      const marked = MARK.every((byte, i) => head[i] === byte)
      this.start = start ?? (part.from > 0 ? this.#lineStart(part.from) : 0)
      this.#mark = part.from === 0 && marked ? MARK.length : 0
    })
    this.#position = this.start
    this.#done = this.start >= part.to || this.start >= part.size
  }

  /**
   * The next lines of the part; undefined behind the last. They stay in the memory until the next call.
   * @throws NodeError where the file cannot be read or has changed, LineTooLong
   */
  next(): Block | undefined {
    const { size } = this.#part
    this.#move()
    while (!this.#done) {
      if (this.#held + this.#blockBytes > this.#room) this.#grow()
      const wanted = Math.min(this.#blockBytes, size - this.#position)
      if (wanted > 0) this.#read(wanted)
      const end = this.#endOfLines()
      if (end > 0) return this.#give(end)
      if (this.#held > this.#maxLineBytes) throw new LineTooLong()
    }
    return undefined
  }

  /** Goes on behind the part's last line, to the end of the file. */
  goBeyond(): void {
    const { size } = this.#part
    this.#part = { ...this.#part, to: size }
    this.#done = this.#position - this.#held + this.#given >= size
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  /** Where, from #at, the last whole line of the part ends; 0 where there is none yet. Says #done behind the last of all. */
  #endOfLines(): number {
    const { size, to } = this.#part
    const held = this.#memory.bytes.subarray(this.#at, this.#at + this.#held)
    const begin = this.#position - this.#held
    if (this.#position >= to) {
      // The last line is the one in which the last byte before `to` lies.
      const end = held.indexOf(LF, Math.max(0, to - 1 - begin)) + 1
      if (end > 0) {
        this.#done = true
        return end
      }
    }
    if (this.#position < size) return held.lastIndexOf(LF) + 1
    this.#done = true
    return this.#held
  }

  #give(end: number): Block {
    const { bytes, kernel } = this.#memory
    const from = this.#at + this.#mark
    let to = this.#at + end
    this.#mark = 0
    if (to === from || bytes[to - 1] !== LF) bytes[to++] = LF
    this.#given = end
    const ascii = kernel.exports.isPlain(from, to) !== 0
    const long = this.#holdsLonger(from, to)
    if (ascii) return { from, to, bytes: end, ascii, clean: true, long }
    const lines = bytes.subarray(from, to)
    return { from, to, bytes: end, ascii, clean: isUtf8(lines) && !lines.includes(0), long }
  }

  /** Leaps from one line feed to the last one that may follow it: a block has few such leaps, and many lines. */
  #holdsLonger(from: number, to: number): boolean {
    const longest = this.#maxLineBytes
    for (let at = from; at + longest < to;) {
      const end = this.#memory.bytes.lastIndexOf(LF, at + longest)
      if (end < at) return true
      at = end + 1
    }
    return false
  }

  /** What was not given goes to the front. */
  #move(): void {
    if (this.#given === 0) return
    this.#memory.kernel.exports.move(this.#at, this.#at + this.#given, this.#held - this.#given)
    this.#held -= this.#given
    this.#given = 0
  }

  #read(length: number): void {
    this.#guarded(() => {
      const at = this.#at + this.#held
      const read = readSync(this.#fd!, this.#memory.bytes, at, length, this.#position)
      if (read === 0) throw changedError(this.#part)
      this.#position += read
      this.#held += read
    })
  }

  /** Checks at the end of the part that nobody wrote over what was read, or put another file in its place. @throws NodeError */
  check(): void {
    this.#guarded(() => {
      const now = statSync(this.#part.path, { throwIfNoEntry: false })
      if (!now) throw changedError(this.#part)
      checkUnchanged(this.#part, now)
    })
  }

  /** A line is longer than a block. */
  #grow(): void {
    const room = this.#room * 2
    const at = this.#memory.allocate(room + GUARD)
    this.#memory.kernel.exports.move(at, this.#at, this.#held)
    this.#at = at
    this.#room = room
  }

  #lineStart(from: number): number {
    const piece = Buffer.alloc(64 * 1024)
    for (let at = from - 1; at < this.#part.size;) {
      const read = readSync(this.#fd!, piece, 0, Math.min(piece.length, this.#part.size - at), at)
      if (read === 0) throw changedError(this.#part)
      const found = piece.subarray(0, read).indexOf(LF)
      if (found >= 0) return at + found + 1
      at += read
    }
    return this.#part.size
  }

  #guarded<Value>(work: () => Value): Value {
    try {
      return work()
    } catch (error) {
      throw fileError(error, this.#part.path, 'read')
    }
  }
}

/**
 * Records with what they are sorted by, as bytes: one behind the other, the key before the record. They are sorted by
 * moving numbers only, four bytes of all keys at a time, and a record is made of its bytes again when it leaves.
 */
import type { ByteBuffer } from './byte-buffer.ts'
import { MOST_KEY, putSortKey } from './sort-key.ts'
import { RecordBytes } from './record-bytes.ts'

/** The length of the key in one byte, that of the whole entry in four. */
const HEAD = 5

/** One level of the order. */
export interface SortLevel {
  read: (record: unknown) => unknown
  sign: 1 | -1
}

/** An entry, where it lies. */
export interface EntryPlace {
  bytes: Buffer
  start: number
}

/** Writes and reads entries of one sort. */
export class EntryCodec {
  readonly #records = new RecordBytes()
  readonly #levels: readonly SortLevel[]
  readonly #compare: (a: unknown, b: unknown) => number

  /** @param compare decides where keys that were cut are equal */
  constructor(levels: readonly SortLevel[], compare: (a: unknown, b: unknown) => number) {
    this.#levels = levels
    this.#compare = compare
  }

  /**
   * Puts a record behind what is there.
   * @throws NodeError where it cannot be written down
   */
  put(into: ByteBuffer, record: unknown): void {
    const start = into.end
    into.room(HEAD)
    into.end += HEAD
    const key = into.end
    try {
      for (let at = 0; at < this.#levels.length; at++) {
        const { read, sign } = this.#levels[at]!
        putSortKey(into, read(record), { sign, start: key })
      }
      const keyLength = into.end - key
      this.#records.write(record, into)
      into.align()
      const { bytes } = into
      const length = into.end - start
      bytes[start] = keyLength
      bytes[start + 1] = length
      bytes[start + 2] = length >>> 8
      bytes[start + 3] = length >>> 16
      bytes[start + 4] = length >>> 24
    } catch (error) {
      into.end = start
      throw error
    }
  }

  /** The record of the entry that begins there. */
  record(bytes: Buffer, start: number): unknown {
    return this.#records.read(bytes, start + HEAD + bytes[start]!)
  }

  /** Compares two entries whose keys are equal up to `depth`. */
  compare(a: EntryPlace, b: EntryPlace, depth: number): number {
    const [keyA, keyB] = [a.start + HEAD, b.start + HEAD]
    const length = Math.min(a.bytes[a.start]!, b.bytes[b.start]!)
    for (let at = depth; at < length; at++) {
      const difference = a.bytes[keyA + at]! - b.bytes[keyB + at]!
      if (difference !== 0) return difference
    }
    if (length < MOST_KEY) return 0
    return this.#compare(this.record(a.bytes, a.start), this.record(b.bytes, b.start))
  }
}

/** Bytes of an entry, its head included: a multiple of four, as is where it begins. */
export function entryLength(bytes: Uint8Array, start: number): number {
  return (
    (bytes[start + 1]! | (bytes[start + 2]! << 8) | (bytes[start + 3]! << 16) | (bytes[start + 4]! << 24)) >>>
    0
  )
}

/** Four bytes of a key as a number; nothing counts as 0. */
export function keyWord(bytes: Uint8Array, start: number, depth: number): number {
  const at = start + HEAD + depth
  const left = bytes[start]! - depth
  if (left >= 4)
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  let word = 0
  for (let i = 0; i < 4; i++) word = (word << 8) | (i < left ? bytes[at + i]! : 0)
  return word >>> 0
}

/** Whether a key has more than so many bytes. */
export function keyGoesOn(bytes: Uint8Array, start: number, depth: number): boolean {
  return bytes[start]! > depth
}

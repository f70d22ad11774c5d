/** Entries in memory until they are so many that they are sorted and go to disk. */
import { MOST_KEY } from './sort-key.ts'
import { ByteBuffer } from './byte-buffer.ts'
import { keyGoesOn, keyWord, type EntryCodec, type EntryPlace } from './entries.ts'

/** A word of a key and the number of an entry share a double: 32 bits and 20. */
const PLACES = 2 ** 20
/** Ranges of so many entries are sorted in one step. */
const STEP_ENTRIES = 16_384
/** Shorter ranges are sorted by comparing. */
const FEW = 8
/** The last entry of a full buffer has room behind it, so that nothing is moved for it. */
const SLACK = 4096
/** Where an entry begins, and what sorting takes. */
const ENTRY_BYTES = 4 + 8 + 4

export class EntryBuffer {
  readonly buffer: ByteBuffer
  count = 0
  readonly #codec: EntryCodec
  #starts = new Uint32Array(1024)
  #words = new Float64Array(0)
  #order = new Uint32Array(0)
  /** The two entries that are compared. */
  #pair: [EntryPlace, EntryPlace]

  /** @param bytes that it is to take, about */
  constructor(codec: EntryCodec, bytes: number) {
    this.#codec = codec
    this.buffer = new ByteBuffer(bytes + SLACK)
    this.#pair = pairIn(this.buffer.bytes)
  }

  get bytes(): number {
    return this.buffer.end + this.count * ENTRY_BYTES
  }

  /** No more fit, whatever they take. */
  get isFull(): boolean {
    return this.count === PLACES
  }

  add(record: unknown): void {
    const start = this.buffer.end
    this.#codec.put(this.buffer, record)
    if (this.count === this.#starts.length) {
      const longer = new Uint32Array(2 * this.count)
      longer.set(this.#starts)
      this.#starts = longer
    }
    this.#starts[this.count++] = start
  }

  clear(): void {
    this.count = 0
    this.buffer.end = 0
  }

  /** Where the entry begins that is at a place of the order. */
  startAt(place: number): number {
    return this.#starts[this.#order[place]!]!
  }

  /** Puts the entries in order, in steps; equal ones stay as they came. */
  *sort(): Generator<undefined, undefined> {
    const { count } = this
    const { bytes } = this.buffer
    this.#pair = pairIn(bytes)
    if (this.#order.length < count) {
      this.#order = new Uint32Array(this.#starts.length)
      this.#words = new Float64Array(this.#starts.length)
    }
    for (let at = 0; at < count; at++) this.#order[at] = at
    yield* this.#sortLarge(0, count, 0)
    return undefined
  }

  *#sortLarge(from: number, to: number, depth: number): Generator<undefined, undefined> {
    if (to - from <= STEP_ENTRIES || depth >= MOST_KEY) {
      this.#sortRange(from, to, depth)
      yield undefined
      return undefined
    }
    this.#sortByWord(from, to, depth)
    yield undefined
    let sinceYield = 0
    for (let at = from; at < to;) {
      const end = this.#endOfSame(at, to)
      if (end - at > 1 && this.#goesOn(at, depth)) {
        if (end - at > STEP_ENTRIES) yield* this.#sortLarge(at, end, depth + 4)
        else this.#sortRange(at, end, depth + 4)
      }
      sinceYield += end - at
      at = end
      if (sinceYield < STEP_ENTRIES) continue
      sinceYield = 0
      yield undefined
    }
    return undefined
  }

  #sortRange(from: number, to: number, depth: number): void {
    if (to - from < 2) return
    if (depth >= MOST_KEY) return this.#sortAlike(from, to)
    if (to - from <= FEW) return this.#sortFew(from, to, depth)
    this.#sortByWord(from, to, depth)
    for (let at = from; at < to;) {
      const end = this.#endOfSame(at, to)
      if (end - at > 1 && this.#goesOn(at, depth)) this.#sortRange(at, end, depth + 4)
      at = end
    }
  }

  /** Sorts by four bytes; the entries of a range are in the order in which they came. */
  #sortByWord(from: number, to: number, depth: number): void {
    const { bytes } = this.buffer
    const words = this.#words
    let isSorted = true
    for (let at = from, before = 0; at < to; at++) {
      const entry = this.#order[at]!
      const both = keyWord(bytes, this.#starts[entry]!, depth) * PLACES + entry
      if (both < before) isSorted = false
      before = words[at] = both
    }
    // As it is where keys begin alike.
    if (!isSorted) words.subarray(from, to).sort()
    for (let at = from; at < to; at++) {
      const both = words[at]!
      const word = Math.floor(both / PLACES)
      this.#order[at] = both - word * PLACES
      words[at] = word
    }
  }

  #endOfSame(from: number, to: number): number {
    const words = this.#words
    let at = from + 1
    while (at < to && words[at] === words[from]) at++
    return at
  }

  /** Keys that are equal so far, and at their ends, are equal. */
  #goesOn(at: number, depth: number): boolean {
    return keyGoesOn(this.buffer.bytes, this.startAt(at), depth + 4) || depth + 4 === MOST_KEY
  }

  #sortFew(from: number, to: number, depth: number): void {
    const order = this.#order
    for (let at = from + 1; at < to; at++) {
      const entry = order[at]!
      let place = at
      for (; place > from && this.#compare(order[place - 1]!, entry, depth) > 0; place--)
        order[place] = order[place - 1]!
      order[place] = entry
    }
  }

  /** Keys that are equal up to where they were cut: the records themselves decide. */
  #sortAlike(from: number, to: number): void {
    const range = this.#order.subarray(from, to)
    if (!keyGoesOn(this.buffer.bytes, this.startAt(from), MOST_KEY - 1)) return
    range.set([...range].sort((a, b) => this.#compare(a, b, MOST_KEY)))
  }

  #compare(a: number, b: number, depth: number): number {
    const [one, other] = this.#pair
    one.start = this.#starts[a]!
    other.start = this.#starts[b]!
    return this.#codec.compare(one, other, depth)
  }
}

function pairIn({ buffer, byteOffset, length }: Uint8Array): [EntryPlace, EntryPlace] {
  const bytes = Buffer.from(buffer, byteOffset, length)
  return [
    { bytes, start: 0 },
    { bytes, start: 0 },
  ]
}

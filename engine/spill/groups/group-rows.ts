/**
 * Many groups in memory: a row for each, whose key is bytes and whose states are numbers in columns, and a table of
 * hashes that finds it. Rows go to disk as blocks and come back as they were.
 */
import { recordBytes } from '../../spec/record-size.ts'
import { BlockReader, type BlockWriter } from './blocks.ts'
import { KeyBytes } from './key-bytes.ts'
import { longer, type StateColumn } from './state-column.ts'

/** Its hash, its place in the order, where its key ends, and two places in the table of hashes. */
const ROW_BYTES = 4 + 8 + 4 + 8
const FIRST_ROWS = 64
/** An entry of a Map with a list. */
const ODD_BYTES = 80

export class GroupRows {
  readonly keys = new KeyBytes()
  readonly columns: readonly StateColumn[]
  /** Bytes that the columns were told of from outside. */
  extra = 0
  /** Values of keys that their bytes do not give back, all those of a key, by row. */
  readonly odd = new Map<number, readonly unknown[]>()
  /** By row, the place of the group in the order in which they were first seen. */
  places = new Float64Array(FIRST_ROWS)
  hashes = new Uint32Array(FIRST_ROWS)
  #count = 0
  /** Where keys begin; behind the last one, where it ends. */
  #starts = new Uint32Array(FIRST_ROWS + 1)
  /** Rows, counted from 1, at the places that their hashes say or behind. */
  #table = new Int32Array(2 * FIRST_ROWS)
  /** Where the last key that was not found belongs. */
  #free = 0
  readonly #rowBytes: number

  constructor(columns: readonly StateColumn[]) {
    this.columns = columns
    this.#rowBytes = columns.reduce((bytes, column) => bytes + column.rowBytes, ROW_BYTES)
    for (const column of columns) column.reserve(FIRST_ROWS)
  }

  get count(): number {
    return this.#count
  }

  /** What all rows take. */
  get bytes(): number {
    let bytes = this.#count * this.#rowBytes + this.keys.kept + this.extra
    for (const column of this.columns) bytes += column.extra
    return bytes
  }

  /** What one row takes, or is known to take. */
  bytesOf(row: number): number {
    let bytes = this.#rowBytes + this.#starts[row + 1]! - this.#starts[row]!
    for (const column of this.columns) bytes += column.bytesOf?.(row) ?? 0
    return bytes
  }

  /** The row of the key that was put, or -1. */
  find(hash: number): number {
    const table = this.#table
    const mask = table.length - 1
    let at = hash & mask
    for (let row = table[at]!; row > 0; row = table[at]!) {
      if (this.hashes[row - 1] === hash && this.keys.isAt(this.#starts[row - 1]!, this.#starts[row]!))
        return row - 1
      at = (at + 1) & mask
    }
    this.#free = at
    return -1
  }

  /** Makes a row of the key that was put and that `find` has not found. */
  begin(hash: number, place: number): number {
    const row = this.#count++
    this.#table[this.#free] = row + 1
    this.hashes[row] = hash
    this.places[row] = place
    this.#starts[row + 1] = this.keys.kept = this.keys.end
    for (let at = 0; at < this.columns.length; at++) this.columns[at]!.init(row)
    if (this.#count === this.places.length) this.#grow()
    return row
  }

  /** Keeps the values of a row whose key does not give them back. */
  keepOdd(row: number, values: readonly unknown[]): void {
    this.odd.set(row, values)
    this.extra += ODD_BYTES + recordBytes(values)
  }

  /** The values of a row's key, into a list. */
  readKey(row: number, into: unknown[]): void {
    const { keys } = this
    keys.at = this.#starts[row]!
    const odd = this.odd.size > 0 ? this.odd.get(row) : undefined
    for (let at = 0; at < into.length; at++) into[at] = odd ? odd[at] : keys.value()
  }

  /** Writes the rows of a list, from a place in it to another, as a block. */
  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void {
    const count = to - from
    const starts = this.#starts
    let keyBytes = 0
    for (let at = from; at < to; at++) keyBytes += starts[rows[at]! + 1]! - starts[rows[at]!]!
    out.words(2).set([count, keyBytes])
    const places = out.doubles(count)
    for (let at = 0; at < count; at++) places[at] = this.places[rows[from + at]!]!
    const hashes = out.words(count)
    for (let at = 0; at < count; at++) hashes[at] = this.hashes[rows[from + at]!]!
    const lengths = out.words(count)
    for (let at = 0; at < count; at++) {
      const row = rows[from + at]!
      lengths[at] = starts[row + 1]! - starts[row]!
    }
    this.#writeKeys(out.bytes(keyBytes), rows.subarray(from, to))
    const odd: unknown[] = []
    if (this.odd.size > 0)
      for (let at = 0; at < count; at++) {
        const values = this.odd.get(rows[from + at]!)
        if (values) odd.push([at, values])
      }
    out.values(odd)
    for (const column of this.columns) column.write(out, rows, from, to)
  }

  /**
   * Takes the rows of a block: joins them to those that are there.
   * @param shift is added to the places of the rows
   */
  absorb(bytes: Uint8Array, shift: number): void {
    const block = new BlockReader(bytes)
    const [count = 0, keyBytes = 0] = block.words(2)
    const [places, hashes, lengths] = [block.doubles(count), block.words(count), block.words(count)]
    const keys = block.bytes(keyBytes)
    const odd = new Map(block.values() as [number, readonly unknown[]][])
    const states = this.columns.map((column) => column.read(block, count))
    let start = 0
    for (let at = 0; at < count; at++) {
      const hash = hashes[at]!
      const place = places[at]! + shift
      this.keys.copy(keys, start, start + lengths[at]!)
      start += lengths[at]!
      let row = this.find(hash)
      let isEarlier = false
      if (row < 0) row = this.begin(hash, place)
      else if (place < this.places[row]!) {
        isEarlier = true
        this.places[row] = place
        this.odd.delete(row)
      }
      if (odd.size > 0 && odd.has(at) && place === this.places[row]) this.keepOdd(row, odd.get(at)!)
      for (let column = 0; column < states.length; column++)
        this.columns[column]!.merge(row, states[column], at, isEarlier)
    }
  }

  /** Takes the rows of a block whose groups are all others than those that are there. `find` does not know them. */
  append(bytes: Uint8Array): void {
    const block = new BlockReader(bytes)
    const [count = 0, keyBytes = 0] = block.words(2)
    while (this.#count + count >= this.places.length) this.#grow()
    const first = this.#count
    this.places.set(block.doubles(count), first)
    this.hashes.set(block.words(count), first)
    const lengths = block.words(count)
    this.keys.keep(block.bytes(keyBytes))
    const odd = block.values() as [number, readonly unknown[]][]
    const states = this.columns.map((column) => column.read(block, count))
    this.#count += count
    for (let at = 0; at < count; at++) this.#starts[first + at + 1] = this.#starts[first + at]! + lengths[at]!
    for (const [at, column] of this.columns.entries()) {
      for (let row = 0; row < count; row++) {
        column.init(first + row)
        column.merge(first + row, states[at], row, false)
      }
    }
    for (const [at, values] of odd) this.keepOdd(first + at, values)
  }

  clear(): void {
    this.#table.fill(0)
    this.#count = 0
    this.extra = 0
    this.odd.clear()
    this.keys.clear()
    for (const column of this.columns) column.clear()
  }

  #writeKeys(into: Uint8Array, rows: Int32Array): void {
    const { bytes } = this.keys
    const starts = this.#starts
    let to = 0
    for (let at = 0; at < rows.length; at++) {
      const end = starts[rows[at]! + 1]!
      for (let from = starts[rows[at]!]!; from < end; from++) into[to++] = bytes[from]!
    }
  }

  /** Makes room for more rows. */
  #grow(): void {
    const rows = 2 * this.places.length
    this.places = longer(this.places, rows)
    this.hashes = longer(this.hashes, rows)
    this.#starts = longer(this.#starts, rows + 1)
    for (const column of this.columns) column.reserve(rows)
    const table = new Int32Array(2 * rows)
    const mask = table.length - 1
    for (let row = 0; row < this.#count; row++) {
      let at = this.hashes[row]! & mask
      while (table[at] !== 0) at = (at + 1) & mask
      table[at] = row + 1
    }
    this.#table = table
  }
}

/** Blocks of columns as bytes: numbers lie in them as they are in memory, and are read without being moved. */
import { decodeBlock, encodeBlock } from '../block-codec.ts'

/** One buffer for whatever is written, and one for whatever is read: a block is done with before the next one comes. */
let written = new Uint8Array(256 * 1024)
let read = new Uint8Array(256 * 1024)

export class BlockWriter {
  #end = 0

  /** Room for numbers, to be filled before anything else is asked for. */
  doubles(count: number): Float64Array {
    const at = this.#take(8 * count)
    return new Float64Array(written.buffer, at, count)
  }

  words(count: number): Uint32Array {
    const at = this.#take(4 * count)
    return new Uint32Array(written.buffer, at, count)
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return new Uint8Array(written.buffer, at, count)
  }

  /** Any values that can be written down. */
  values(values: readonly unknown[]): void {
    if (values.length === 0) {
      this.words(2).fill(0)
      return
    }
    const block = encodeBlock(values)
    this.words(2).set([block.length, 1])
    this.bytes(block.length).set(block)
  }

  /** What was written so far; it is good until the next block is begun. */
  done(): Uint8Array {
    return written.subarray(0, this.#end)
  }

  /** Where the room begins. The buffer may be another one afterwards, so it is to be asked for behind this. */
  #take(bytes: number): number {
    const at = this.#end
    // Numbers may only begin at multiples of 8.
    this.#end = (at + bytes + 7) & ~7
    if (this.#end > written.length) {
      const larger = new Uint8Array(Math.max(this.#end, 2 * written.length))
      larger.set(written.subarray(0, at))
      written = larger
    }
    return at
  }
}

/** Reads in the order of writing. What it gives is good until the next block is read. */
export class BlockReader {
  readonly #bytes: Uint8Array
  #at = 0

  /** @param bytes must begin at a multiple of 8 of their buffer */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  doubles(count: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, this.#take(8 * count), count)
  }

  words(count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(4 * count), count)
  }

  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#take(count), count)
  }

  values(): unknown[] {
    const [length, any] = this.words(2)
    return any === 0 ? [] : decodeBlock(this.bytes(length!))
  }

  #take(bytes: number): number {
    const at = this.#bytes.byteOffset + this.#at
    this.#at = (this.#at + bytes + 7) & ~7
    return at
  }
}

/** Room to read a block of so many bytes into. */
export function roomToRead(length: number): Uint8Array {
  if (length > read.length) read = new Uint8Array(Math.max(length, 2 * read.length))
  return read.subarray(0, length)
}

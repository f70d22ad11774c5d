/** Bytes that are written one behind the other, in an array that grows. */
import { writeUtf8 } from '../text-bytes.ts'

/** Longer texts are written by the runtime's own code, which takes longer to begin. */
const LONG_TEXT = 24

const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

export class ByteBuffer {
  bytes: Uint8Array
  end = 0
  #buffer: Buffer
  /** The same bytes by four. */
  #words: Uint32Array

  constructor(size = 1024) {
    this.bytes = new Uint8Array((size + 3) & ~3)
    this.#buffer = Buffer.from(this.bytes.buffer)
    this.#words = new Uint32Array(this.bytes.buffer)
  }

  /** Makes room for so many more bytes. */
  room(more: number): Uint8Array {
    const end = this.end + more
    if (end <= this.bytes.length) return this.bytes
    const larger = new Uint8Array((Math.max(end, 2 * this.bytes.length) + 3) & ~3)
    larger.set(this.bytes.subarray(0, this.end))
    this.bytes = larger
    this.#buffer = Buffer.from(larger.buffer)
    this.#words = new Uint32Array(larger.buffer)
    return larger
  }

  byte(byte: number): void {
    this.room(1)[this.end++] = byte
  }

  double(value: number): void {
    const bytes = this.room(8)
    double[0] = value
    for (let i = 0; i < 8; i++) bytes[this.end++] = doubleBytes[i]!
  }

  /** A number from 0 up to 2³², seven bits a byte. */
  count(count: number): void {
    const bytes = this.room(5)
    let rest = count
    for (; rest > 127; rest >>>= 7) bytes[this.end++] = (rest & 127) | 128
    bytes[this.end++] = rest
  }

  /** A text in one byte for each character, or false and nothing where it has others. */
  narrowText(text: string): boolean {
    const { length } = text
    const bytes = this.room(3 * length)
    const at = this.end
    if (length > LONG_TEXT) {
      if (writeUtf8(this.#buffer, text, at) !== length) return false
    } else {
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i)
        if (code > 127) return false
        bytes[at + i] = code
      }
    }
    this.end = at + length
    return true
  }

  /** A text in two bytes for each character. */
  wideText(text: string): void {
    this.room(2 * text.length)
    this.end += this.#buffer.write(text, this.end, 'utf16le')
  }

  copy(from: Uint8Array): void {
    this.room(from.length).set(from, this.end)
    this.end += from.length
  }

  /** Fills up to a multiple of four. */
  align(): void {
    this.room(3)
    while ((this.end & 3) !== 0) this.bytes[this.end++] = 0
  }

  /** Bytes by four: both ends, here and there, are multiples of four. A loop is faster than a view to copy from. */
  copyWords(from: Uint32Array, start: number, length: number): void {
    this.room(length)
    const words = this.#words
    const at = this.end >> 2
    const first = start >> 2
    for (let i = 0; i < length >> 2; i++) words[at + i] = from[first + i]!
    this.end += length
  }

  /** What is written so far, by four. */
  get words(): Uint32Array {
    return this.#words
  }
}

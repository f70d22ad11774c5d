/**
 * The keys of groups as bytes, one behind the other in one array: nothing for the garbage collector to follow, and
 * nothing to make when a key goes to disk or comes back. Same values, same bytes; values differ as they do for `keyOf`.
 */
import { keyOf } from '../../spec/identity.ts'
import { latin1Text } from '../text-bytes.ts'

/** What kind of value follows. */
const NONE = 0
const TRUE = 1
const FALSE = 2
const INT = 3
const DOUBLE = 4
/** A text in bytes, one for each character. */
const TEXT = 5
/** One with other characters, in two bytes each. */
const WIDE = 6
const BIGINT = 7
/** Something that its bytes do not give back, a date or a list, as the text of its contents. */
const ODD = 8

const PRIME = 0x01000193
const START = 0x811c9dc5
/** A mark, the length of a text, a number. */
const MOST_HEAD = 16

const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)
const doubleWords = new Uint32Array(double.buffer)
const int = new Int32Array(1)
const intBytes = new Uint8Array(int.buffer)

export class KeyBytes {
  bytes = new Uint8Array(256)
  /** Behind the last key that is kept. */
  kept = 0
  /** Behind what was put since. */
  end = 0
  /** True where a value that was put does not come back from its bytes: somebody else has to keep it. */
  odd = false
  #hash = START
  #buffer = Buffer.from(this.bytes.buffer)

  /** A new key begins behind those that are kept. */
  begin(): void {
    this.end = this.kept
    this.odd = false
    this.#hash = START
  }

  /**
   * Puts one value of a key.
   * @throws Error for values without content to compare, such as functions
   */
  put(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#putText(value)
      case 'number':
        return this.#putNumber(value)
      case 'boolean':
        return this.#putMark(value ? TRUE : FALSE)
      case 'undefined':
        return this.#putMark(NONE)
      case 'bigint':
        this.#putMark(BIGINT)
        return this.#putText(String(value))
      default: {
        if (value === null) return this.#putMark(NONE)
        const text = keyOf(value) as string
        this.odd = true
        this.#putMark(ODD)
        this.#putText(text)
      }
    }
  }

  /** Puts the bytes of a whole key as they lie elsewhere. */
  copy(from: Uint8Array, start: number, end: number): void {
    const at = this.kept
    const length = end - start
    const bytes = this.#room(at + length)
    if (length > 64) bytes.set(from.subarray(start, end), at)
    else for (let i = 0; i < length; i++) bytes[at + i] = from[start + i]!
    this.end = at + length
  }

  /** Keeps the bytes of whole keys, one behind the other, as they lie elsewhere. */
  keep(keys: Uint8Array): void {
    this.#room(this.kept + keys.length).set(keys, this.kept)
    this.kept = this.end = this.kept + keys.length
  }

  /** 32 bits, well mixed, of what was put. */
  hash(): number {
    let hash = this.#hash
    hash ^= hash >>> 16
    hash = Math.imul(hash, 0x85ebca6b)
    hash ^= hash >>> 13
    hash = Math.imul(hash, 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 0
  }

  /** Whether what was put is what lies at that place. */
  isAt(start: number, end: number): boolean {
    const { bytes, kept } = this
    if (end - start !== this.end - kept) return false
    for (let at = start, mine = kept; at < end; at++, mine++) if (bytes[at] !== bytes[mine]) return false
    return true
  }

  /** Where `value` reads from: the start of a key, then behind each value. */
  at = 0

  /** The next value of a key; undefined for one that somebody else keeps, null for what was missing. */
  value(): unknown {
    const { bytes } = this
    const mark = bytes[this.at++]!
    switch (mark) {
      case TRUE:
        return true
      case FALSE:
        return false
      case INT:
        for (let i = 0; i < 4; i++) intBytes[i] = bytes[this.at++]!
        return int[0]
      case DOUBLE:
        for (let i = 0; i < 8; i++) doubleBytes[i] = bytes[this.at++]!
        return double[0]
      case TEXT: {
        const length = this.#length()
        const start = this.at
        this.at = start + length
        return latin1Text(this.#buffer, start, this.at)
      }
      case WIDE: {
        const length = this.#length()
        const start = this.at
        this.at = start + 2 * length
        return this.#buffer.toString('utf16le', start, this.at)
      }
      case BIGINT:
        return BigInt(this.value() as string)
      case ODD:
        this.value()
        return undefined
      default:
        return null
    }
  }

  clear(): void {
    this.kept = this.end = 0
  }

  #putMark(mark: number): void {
    this.#room(this.end + 1)[this.end++] = mark
    this.#hash = Math.imul(this.#hash ^ mark, PRIME)
  }

  #putNumber(value: number): void {
    const bytes = this.#room(this.end + MOST_HEAD)
    const whole = value | 0
    if (whole === value) {
      // -0 is the same as 0 here, and another value all the same.
      if (whole === 0 && Object.is(value, -0)) this.odd = true
      bytes[this.end++] = INT
      int[0] = whole
      for (let i = 0; i < 4; i++) bytes[this.end++] = intBytes[i]!
      this.#hash = Math.imul(Math.imul(this.#hash ^ INT, PRIME) ^ whole, 0x9e3779b1)
      this.#hash ^= this.#hash >>> 15
      return
    }
    // All NaN are one.
    double[0] = Number.isNaN(value) ? NaN : value
    bytes[this.end++] = DOUBLE
    for (let i = 0; i < 8; i++) bytes[this.end++] = doubleBytes[i]!
    let hash = Math.imul(this.#hash ^ doubleWords[0]!, 0x9e3779b1)
    hash ^= hash >>> 15
    hash = Math.imul(hash ^ doubleWords[1]!, 0x9e3779b1)
    this.#hash = hash ^ (hash >>> 15)
  }

  #putText(text: string): void {
    const { length } = text
    const bytes = this.#room(this.end + MOST_HEAD + 2 * length)
    const start = this.end
    const from = this.#putLength(TEXT, length)
    let hash = Math.imul(this.#hash ^ (length + TEXT), PRIME)
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 255) {
        this.end = start
        return this.#putWide(text)
      }
      bytes[from + i] = code
      hash = Math.imul(hash ^ code, PRIME)
    }
    this.end = from + length
    this.#hash = hash
  }

  #putWide(text: string): void {
    const { length } = text
    const { bytes } = this
    let at = this.#putLength(WIDE, length)
    let hash = Math.imul(this.#hash ^ (length + WIDE), PRIME)
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      bytes[at++] = code & 255
      bytes[at++] = code >>> 8
      hash = Math.imul(hash ^ code, PRIME)
    }
    this.end = at
    this.#hash = hash
  }

  /** Seven bits a byte. Returns the place behind. */
  #putLength(mark: number, length: number): number {
    const { bytes } = this
    let at = this.end
    bytes[at++] = mark
    let rest = length
    for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128
    bytes[at++] = rest
    return at
  }

  #length(): number {
    const { bytes } = this
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[this.at++]!
      length |= (byte & 127) << shift
      if (byte < 128) return length
    }
  }

  #room(end: number): Uint8Array {
    if (end <= this.bytes.length) return this.bytes
    const larger = new Uint8Array(Math.max(end, 2 * this.bytes.length))
    larger.set(this.bytes)
    this.bytes = larger
    this.#buffer = Buffer.from(larger.buffer)
    return larger
  }
}

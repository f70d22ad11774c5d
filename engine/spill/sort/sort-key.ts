/**
 * What a record is sorted by as bytes whose order is that of `compareValues`: byte by byte, the first that differs
 * decides. Each value begins with the rank of its kind; what follows is turned round where the order is descending.
 */
import type { ByteBuffer } from './byte-buffer.ts'

/** Ranks as `compareValues` has them. */
const NUMBER = 0
const NAN = 1
const TEXT = 2
const BOOLEAN = 3
const DATE = 4
const OTHER = 5
const NOTHING = 6

/** What remains of a big integer beside the double next to it: less than nothing, nothing, more. */
const LESS = 0x7f
const SAME = 0x80
const MORE = 0x81

/** Keys are cut behind so many bytes: records whose keys are equal up to there are compared themselves. */
export const MOST_KEY = 40

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Puts the key of one value behind what is there, and no more of it than `MOST_KEY` bytes from `start`. */
export function putSortKey(
  into: ByteBuffer,
  value: unknown,
  { sign, start }: { sign: 1 | -1; start: number },
): void {
  const most = start + MOST_KEY
  if (into.end >= most) return
  const from = into.end + 1
  switch (typeof value) {
    case 'number':
      if (Number.isNaN(value)) return into.byte(NAN)
      into.byte(NUMBER)
      putDouble(into, value)
      into.byte(SAME)
      break
    case 'bigint':
      into.byte(NUMBER)
      putBigint(into, value)
      break
    case 'string':
      into.byte(TEXT)
      putText(into, value, most)
      break
    case 'boolean':
      into.byte(BOOLEAN)
      into.byte(value ? 1 : 0)
      break
    default:
      if (value === null || value === undefined) return into.byte(NOTHING)
      if (!(value instanceof Date)) return into.byte(OTHER)
      into.byte(DATE)
      if (Number.isNaN(value.getTime())) {
        // Behind the others in both directions, as NaN is.
        into.byte(sign === 1 ? 1 : 254)
      } else {
        into.byte(sign === 1 ? 0 : 255)
        putDouble(into, value.getTime())
      }
  }
  if (into.end > most) into.end = most
  if (sign === -1) for (let at = from; at < into.end; at++) into.bytes[at]! ^= 255
}

/** Positive numbers as they are behind the bit of the sign, negative ones turned round; the largest byte first. */
function putDouble(into: ByteBuffer, value: number): void {
  // -0 is 0.
  double[0] = value + 0
  const negative = words[1]! >>> 31 === 1
  putWord(into, negative ? ~words[1]! : words[1]! ^ 0x80000000)
  putWord(into, negative ? ~words[0]! : words[0]!)
}

function putWord(into: ByteBuffer, word: number): void {
  const bytes = into.room(4)
  bytes[into.end++] = word >>> 24
  bytes[into.end++] = word >>> 16
  bytes[into.end++] = word >>> 8
  bytes[into.end++] = word
}

function putBigint(into: ByteBuffer, value: bigint): void {
  const near = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value)))
  putDouble(into, near)
  const rest = value - BigInt(near)
  if (rest === 0n) return into.byte(SAME)
  const digits = (rest < 0n ? -rest : rest).toString(16)
  const turn = rest < 0n ? 255 : 0
  into.byte(rest < 0n ? LESS : MORE)
  // More digits are more; of as many, the first that differs decides.
  for (let shift = 24; shift >= 0; shift -= 8) into.byte((digits.length >>> shift) ^ turn)
  for (let at = 0; at < digits.length; at++) into.byte(digits.charCodeAt(at) ^ turn)
}

/** Each unit of the text in one to three bytes, as UTF-8 has it for characters, which keeps their order; then an end. */
function putText(into: ByteBuffer, text: string, most: number): void {
  const bytes = into.room(3 * Math.min(text.length, MOST_KEY) + 4)
  let end = into.end
  for (let at = 0; at < text.length && end < most; at++) {
    const code = text.charCodeAt(at)
    if (code > 1 && code < 0x80) bytes[end++] = code
    else if (code < 2) {
      // 0 is the end of a text.
      bytes[end++] = 1
      bytes[end++] = code + 1
    } else {
      if (code < 0x800) bytes[end++] = 0xc0 | (code >>> 6)
      else {
        bytes[end++] = 0xe0 | (code >>> 12)
        bytes[end++] = 0x80 | ((code >>> 6) & 63)
      }
      bytes[end++] = 0x80 | (code & 63)
    }
  }
  bytes[end++] = 0
  into.end = end
}

/** Notes a JSON value in its column. Each function returns the address behind the value, or 0 where it is not right JSON. */
import { KIND_FALSE, KIND_NULL, KIND_OTHER, KIND_TEXT, KIND_TRUE } from '../layout.ts'
import { behindFraction, behindValue, behindWord, digitCount, digitsValue, stringStop } from './json-text.ts'
import { putBytes, putKind, putNumber } from './scan.ts'

const QUOTE: u8 = 0x22
const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
const ZERO: u8 = 0x30
const SMALL_E: u8 = 0x65
/** A number of so many digits, without an exponent, is worked out here exactly. */
const MOST_DIGITS: usize = 15

const POWERS = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000])
const TENS = memory.data<f64>([
  1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
])

export function takeValue(at: usize, column: usize, row: u32): usize {
  const c = load<u8>(at)
  if (c == QUOTE) {
    const end = stringStop(at + 1)
    if (load<u8>(end) != QUOTE) return takeOther(at, column, row)
    putBytes(column, row, at + 1, end, <u8>KIND_TEXT)
    return end + 1
  }
  if (c - ZERO < 10 || c == MINUS) return takeNumber(at, column, row)
  if (c == 0x7b || c == 0x5b) return takeOther(at, column, row)
  putKind(column, row, <u8>(c == 0x74 ? KIND_TRUE : c == 0x66 ? KIND_FALSE : KIND_NULL))
  return behindWord(at)
}

/** Objects, lists, texts with escapes, long numbers: JSON.parse is for these, should somebody read them. */
function takeOther(at: usize, column: usize, row: u32): usize {
  const end = behindValue(at)
  putBytes(column, row, at, end, <u8>KIND_OTHER)
  return end
}

function takeNumber(start: usize, column: usize, row: u32): usize {
  const negative = load<u8>(start) == MINUS
  const first = start + <usize>negative
  const eight = load<u64>(first)
  let count = digitCount(eight)
  if (count == 0) return 0
  let digits = digitsValue(eight, count)
  let at = first + <usize>count
  if (count == 8) {
    const more = load<u64>(at)
    count = digitCount(more)
    if (count == 8) return takeOther(start, column, row)
    if (count > 0) digits = digits * load<u64>(POWERS + ((<usize>count) << 3)) + digitsValue(more, count)
    at += <usize>count
  }
  // Zeros before a number are no JSON.
  if (at - first > 1 && load<u8>(first) == ZERO) return 0
  const c = load<u8>(at)
  if (c == DOT) return takeDecimal(start, at, digits, column, row)
  if ((c | 0x20) == SMALL_E) return takeOther(start, column, row)
  const value = <f64>digits
  putNumber(column, row, negative ? -value : value)
  return at
}

/** @param digits what stands before the point */
function takeDecimal(start: usize, point: usize, digits: u64, column: usize, row: u32): usize {
  const end = behindFraction(point)
  if (end == 0) return 0
  const places = end - point - 1
  if (end - start - 1 > MOST_DIGITS) return takeOther(start, column, row)
  for (let at = point + 1; at < end; at++) {
    const digit = load<u8>(at) - ZERO
    // An exponent.
    if (digit > 9) return takeOther(start, column, row)
    digits = digits * 10 + digit
  }
  // Both are exact as doubles, so that the quotient is rounded once, just as the number's text is.
  const value = <f64>digits / load<f64>(TENS + (places << 3))
  putNumber(column, row, load<u8>(start) == MINUS ? -value : value)
  return end
}

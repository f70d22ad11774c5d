/** What a CSV field means: as engine/formats/csv-value.ts says. */
import { KIND_FALSE, KIND_NULL, KIND_OTHER, KIND_TEXT, KIND_TRUE } from '../layout.ts'
import { digitCount, digitsValue } from './json-text.ts'
import { putBytes, putKind, putNumber } from './scan.ts'

const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
const ZERO: u8 = 0x30
/** Texts of so many bytes are exact as numbers; of longer ones only some. */
const EXACT_BYTES: usize = 15

const POWERS = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000])
const TENS = memory.data<f64>([
  1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
])

/** Notes the field that lies in [start, end). `doubled`: quotes in it are written twice. */
// @ts-ignore: decorator
@inline
export function takeField(
  column: usize,
  row: u32,
  start: usize,
  end: usize,
  infer: bool,
  doubled: bool,
): void {
  const c = load<u8>(start)
  if (doubled) putBytes(column, row, start, end, <u8>KIND_OTHER)
  else if (!infer) putBytes(column, row, start, end, <u8>KIND_TEXT)
  else if (start == end) putKind(column, row, <u8>KIND_NULL)
  else if (c - ZERO < 10 || c == MINUS) takeNumber(column, row, start, end)
  else if (end - start == 4 && load<u32>(start) == 0x65757274) putKind(column, row, <u8>KIND_TRUE)
  else if (end - start == 5 && load<u32>(start) == 0x736c6166 && load<u8>(start, 4) == 0x65)
    putKind(column, row, <u8>KIND_FALSE)
  else putBytes(column, row, start, end, <u8>KIND_TEXT)
}

/** A number, where all of the text is one and nothing of it would be lost; else it is text. */
function takeNumber(column: usize, row: u32, start: usize, end: usize): void {
  // Whether a long text is a number is for JavaScript to say.
  if (end - start > EXACT_BYTES) return putBytes(column, row, start, end, <u8>KIND_OTHER)
  const negative = load<u8>(start) == MINUS
  const first = start + <usize>negative
  let at = first
  const eight = load<u64>(at)
  let count = digitCount(eight)
  let digits: u64 = count > 0 ? digitsValue(eight, count) : 0
  at += <usize>count
  if (count == 8) {
    const more = load<u64>(at)
    count = digitCount(more)
    if (count > 0 && count < 8) digits = digits * load<u64>(POWERS + (<usize>count << 3)) + digitsValue(more, count)
    at += <usize>count
  }
  const whole = at - first
  let places: usize = 0
  if (whole > 0 && at < end && load<u8>(at) == DOT) {
    for (at++; at < end && load<u8>(at) - ZERO < 10; at++, places++) digits = digits * 10 + (load<u8>(at) - ZERO)
    if (places == 0) at = 0
  }
  const zeros = whole > 1 && load<u8>(first) == ZERO
  // As a number, -0 would lose its sign.
  if (at != end || whole == 0 || zeros || (negative && digits == 0)) {
    return putBytes(column, row, start, end, <u8>KIND_TEXT)
  }
  const value = <f64>digits / load<f64>(TENS + (places << 3))
  putNumber(column, row, negative ? -value : value)
}

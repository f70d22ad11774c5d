/** What scanners share: writing rows and columns, finding the ends of lines and texts. */
import {
  COLUMN_END,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  KIND_NUMBER,
  KIND_TEXT,
  TASK_FLAG,
  TASK_LINE_END,
  TASK_LINE_START,
} from '../layout.ts'

const LF: u8 = 10
const CR: u8 = 13
const QUOTE: u8 = 34
const BACKSLASH: u8 = 92

/** Address of the next LF at or behind `at`; there is one. */
// @ts-ignore: decorator
@inline
export function lineFeed(at: usize): usize {
  const feed = i8x16.splat(LF)
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), feed))
    if (found != 0) return at + ctz(found)
    at += 16
  }
}

/** Address of the next quote that no backslash escapes, or of the LF where the line ends before. */
// @ts-ignore: decorator
@inline
export function quoteOrFeed(from: usize): usize {
  const feed = i8x16.splat(LF)
  const quote = i8x16.splat(QUOTE)
  let at = from
  while (true) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, feed)))
    if (found == 0) {
      at += 16
      continue
    }
    at += ctz(found)
    if (load<u8>(at - 1) != BACKSLASH || load<u8>(at) == LF || !isEscaped(at, from)) return at
    at++
  }
}

/** Whether an odd number of backslashes lies before `at`, none of them before `from`. */
function isEscaped(at: usize, from: usize): bool {
  let before = at
  while (before > from && load<u8>(before - 1) == BACKSLASH) before--
  return ((at - before) & 1) == 1
}

/** Whether [from, to) holds the byte. */
export function holds(from: usize, to: usize, byte: u8): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) == byte) return true
  return false
}

/** Notes where a line lies; `feed` is its LF. */
// @ts-ignore: decorator
@inline
export function putLine(task: usize, row: u32, start: usize, feed: usize): void {
  store<u32>(<usize>load<u32>(task, TASK_LINE_START) + (row << 2), <u32>start)
  const end = feed > start && load<u8>(feed - 1) == CR ? feed - 1 : feed
  store<u32>(<usize>load<u32>(task, TASK_LINE_END) + (row << 2), <u32>end)
}

// @ts-ignore: decorator
@inline
export function putFlag(task: usize, row: u32, flag: u8): void {
  store<u8>(<usize>load<u32>(task, TASK_FLAG) + row, flag)
}

/** Missing, null, true or false. */
// @ts-ignore: decorator
@inline
export function putKind(column: usize, row: u32, kind: u8): void {
  store<u8>(<usize>load<u32>(column, COLUMN_KIND) + row, kind)
}

// @ts-ignore: decorator
@inline
export function putBytes(column: usize, row: u32, start: usize, end: usize, kind: u8 = <u8>KIND_TEXT): void {
  store<u8>(<usize>load<u32>(column, COLUMN_KIND) + row, kind)
  store<u32>(<usize>load<u32>(column, COLUMN_START) + (row << 2), <u32>start)
  store<u32>(<usize>load<u32>(column, COLUMN_END) + (row << 2), <u32>end)
}

// @ts-ignore: decorator
@inline
export function putNumber(column: usize, row: u32, value: f64): void {
  store<u8>(<usize>load<u32>(column, COLUMN_KIND) + row, <u8>KIND_NUMBER)
  store<f64>(<usize>load<u32>(column, COLUMN_NUM) + (row << 3), value)
}

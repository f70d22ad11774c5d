/**
 * Scans NDJSON: checks each line as JSON.parse would, and notes where the values of a few top-level fields lie. A line
 * that is anything but an object whose wanted keys are plain and come once is odd, and left to the row tier's reader.
 *
 * Settings: u32 JSON_SETTING_BLANK (what a blank line is: ROW_NOTHING or ROW_ODD), then for each name that a column's
 * FIELD may point to two u32: address and length of its bytes. At most 64 columns.
 */
import {
  COLUMN_BYTES,
  JSON_SETTING_BLANK,
  ROW_ODD,
  ROW_OK,
  TASK_COLUMNS,
  TASK_COLUMN_COUNT,
  TASK_NEXT,
  TASK_ODD,
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SETTINGS,
} from '../layout.ts'
import { foundColumn, foundNext, hasKey, keyCount, keyOf, readKey, resetKeys } from './json-keys.ts'
import { KEY_COLUMN, KEY_LENGTH } from './json-keys.ts'
import { behindSpace, behindString, behindValue } from './json-text.ts'
import { takeValue } from './json-value.ts'
import { lineFeed, putFlag, putKind, putLine } from './scan.ts'

const LF: u8 = 10
const SPACE: u8 = 0x20
const QUOTE: u8 = 0x22
const COMMA: u8 = 0x2c
const OPEN: u8 = 0x7b
const CLOSE: u8 = 0x7d

/** See `TASK_ROW_LIMIT` and what follows it in layout.ts. */
export function scanNdjson(task: usize, from: usize, to: usize): void {
  const limit = load<u32>(task, TASK_ROW_LIMIT)
  const columns = <usize>load<u32>(task, TASK_COLUMNS)
  const columnsEnd = columns + <usize>load<u32>(task, TASK_COLUMN_COUNT) * COLUMN_BYTES
  resetKeys(task)
  let row: u32 = 0
  let odd: u32 = 0
  while (from < to && row < limit) {
    for (let column = columns; column < columnsEnd; column += COLUMN_BYTES) putKind(column, row, 0)
    let feed = scanLine(from, columns, row)
    let flag = <u8>ROW_OK
    if (feed == 0) {
      feed = lineFeed(from)
      flag = isBlank(from) ? <u8>load<u32>(load<u32>(task, TASK_SETTINGS), JSON_SETTING_BLANK) : <u8>ROW_ODD
      if (flag == ROW_ODD) odd++
    }
    putLine(task, row, from, feed)
    putFlag(task, row, flag)
    row++
    from = feed + 1
  }
  store<u32>(task, row, TASK_ROWS)
  store<u32>(task, <u32>from, TASK_NEXT)
  store<u32>(task, odd, TASK_ODD)
}

/** True where the line holds nothing but ASCII white space, as String.trim sees it. */
function isBlank(at: usize): bool {
  let c = load<u8>(at)
  while (c == SPACE || c == 9 || (c >= 11 && c <= 13)) c = load<u8>(++at)
  return c == LF
}

/** The address of the line feed that ends the line, or 0 where the line is odd. */
function scanLine(at: usize, columns: usize, row: u32): usize {
  at = behindSpace(at)
  if (load<u8>(at) != OPEN) return 0
  at = behindSpace(at + 1)
  if (load<u8>(at) == CLOSE) return feedBehind(at + 1)
  let seen: u64 = 0
  let next: u32 = 0
  while (true) {
    let column: i32
    const known = keyOf(next)
    if (next < keyCount && hasKey(known, at)) {
      at += load<u32>(known, KEY_LENGTH)
      column = load<i32>(known, KEY_COLUMN)
      next++
    } else {
      at = readKey(at, next)
      if (at == 0) return 0
      column = foundColumn
      next = foundNext
    }
    if (load<u8>(at) <= SPACE) at = behindSpace(at)
    if (column < 0) {
      at = load<u8>(at) == QUOTE ? behindString(at + 1) : behindValue(at)
    } else {
      const bit: u64 = (<u64>1) << (<u64>column)
      // The last one of a name counts, and the first one may be what a filter was given.
      if (seen & bit) return 0
      seen |= bit
      at = takeValue(at, columns + <usize>column * COLUMN_BYTES, row)
    }
    if (at == 0) return 0
    if (load<u8>(at) <= SPACE) at = behindSpace(at)
    const c = load<u8>(at++)
    if (c != COMMA) return c == CLOSE ? feedBehind(at) : 0
    if (load<u8>(at) <= SPACE) at = behindSpace(at)
  }
}

// @ts-ignore: decorator
@inline
function feedBehind(at: usize): usize {
  if (load<u8>(at) == LF) return at
  at = behindSpace(at)
  return load<u8>(at) == LF ? at : 0
}

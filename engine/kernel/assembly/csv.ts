/**
 * Scans CSV rows as engine/formats/csv-row.ts splits them. A row that does not have as many fields as the first one, or
 * that is spoilt, is odd. Where it has several lines, only its first line is made a row, and left open: the lines behind
 * it may be rows of their own, so the scan ends there, and goes on when whoever reads such rows says where. So it is with
 * rows whose end is not in sight.
 */
import {
  COLUMN_BYTES,
  CSV_SETTING_COLUMNS,
  CSV_SETTING_DELIMITER,
  CSV_SETTING_FIELDS,
  CSV_SETTING_INFER,
  CSV_SETTING_LONGEST,
  CSV_SETTING_OPEN,
  ROW_NOTHING,
  ROW_ODD,
  ROW_OK,
  TASK_COLUMNS,
  TASK_NEXT,
  TASK_ODD,
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SETTINGS,
} from '../layout.ts'
import { takeField } from './csv-value.ts'
import { lineFeed, putFlag, putLine } from './scan.ts'

const LF: u8 = 10
const CR: u8 = 13
const QUOTE: u8 = 34

// The settings of the scan at hand.
let delimiter: u8 = 0
let infer: bool = false
/** u32 for each field of a row: 1 + the index of its column, 0 where nobody reads it. */
let columnOf: usize = 0
let columns: usize = 0
let fieldCount: u32 = 0

/** Set by `scanRow`. */
let openAtEnd: bool = false
/** Whether the row goes over several lines. */
let several: bool = false
/** Fields of the row, also those that are too many: one of them may be left open. */
let found: u32 = 0

/** See `TASK_ROW_LIMIT` and what follows it in layout.ts. */
export function scanCsv(task: usize, from: usize, to: usize): void {
  const settings = <usize>load<u32>(task, TASK_SETTINGS)
  delimiter = <u8>load<u32>(settings, CSV_SETTING_DELIMITER)
  infer = load<u32>(settings, CSV_SETTING_INFER) != 0
  fieldCount = load<u32>(settings, CSV_SETTING_FIELDS)
  columnOf = settings + CSV_SETTING_COLUMNS
  columns = <usize>load<u32>(task, TASK_COLUMNS)
  openAtEnd = false
  const longest = <usize>load<u32>(settings, CSV_SETTING_LONGEST)
  const limit = load<u32>(task, TASK_ROW_LIMIT)
  let row: u32 = 0
  let odd: u32 = 0
  while (from < to && row < limit && !openAtEnd) {
    const end = min(to, from + longest)
    let feed = scanRow(from, row, end)
    let flag = <u8>ROW_OK
    if (several && (feed == 0 || found != fieldCount || feed >= end)) openAtEnd = true
    if (feed == 0 || found != fieldCount || openAtEnd) {
      if (feed == 0 || openAtEnd) feed = lineFeed(from)
      const blank = feed == from || (feed == from + 1 && load<u8>(from) == CR)
      flag = blank ? <u8>ROW_NOTHING : <u8>ROW_ODD
      if (!blank) odd++
    }
    putLine(task, row, from, feed)
    putFlag(task, row, flag)
    row++
    from = feed + 1
  }
  store<u32>(task, row, TASK_ROWS)
  store<u32>(task, <u32>from, TASK_NEXT)
  store<u32>(task, odd, TASK_ODD)
  store<u32>(settings, <u32>openAtEnd, CSV_SETTING_OPEN)
}

/** The address of the line feed behind the row, or 0 where it is spoilt or does not end before `last`. */
function scanRow(at: usize, row: u32, last: usize): usize {
  found = 0
  several = false
  while (true) {
    let start = at
    let end: usize
    let doubled = false
    if (load<u8>(at) == QUOTE) {
      start++
      end = start
      while (true) {
        end = quoteOrFeed(end)
        if (load<u8>(end) == LF) {
          several = true
          if (++end >= last) return 0
          continue
        }
        if (load<u8>(end + 1) != QUOTE) break
        doubled = true
        end += 2
      }
      at = end + 1
      if (load<u8>(at) == CR && load<u8>(at + 1) == LF) at++
      if (load<u8>(at) != delimiter && load<u8>(at) != LF) return 0
    } else {
      at = delimiterOrFeed(at)
      end = at > start && load<u8>(at) == LF && load<u8>(at - 1) == CR ? at - 1 : at
    }
    const column = found < fieldCount ? load<u32>(columnOf + (<usize>found << 2)) : 0
    if (column != 0) takeField(columns + <usize>(column - 1) * COLUMN_BYTES, row, start, end, infer, doubled)
    found++
    if (load<u8>(at) == LF) return at
    at++
  }
}

// @ts-ignore: decorator
@inline
function quoteOrFeed(at: usize): usize {
  return firstOf(at, QUOTE)
}

// @ts-ignore: decorator
@inline
function delimiterOrFeed(at: usize): usize {
  return firstOf(at, delimiter)
}

/** The first such byte or line feed. */
// @ts-ignore: decorator
@inline
function firstOf(at: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte)
  while (true) {
    const bytes = v128.load(at)
    const marks = i8x16.bitmask(v128.or(i8x16.eq(bytes, wanted), i8x16.eq(bytes, i8x16.splat(LF))))
    if (marks != 0) return at + ctz(marks)
    at += 16
  }
}

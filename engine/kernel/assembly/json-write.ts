/** Writes NDJSON out of lines that were read: the bytes of a record as they are, with fields behind them. */
import {
  HOW_NOT,
  HOW_TEXT,
  HOW_WITH_TEXT,
  ROW_NOTHING,
  ROW_OK,
  TASK_FLAG,
  TASK_GONE,
  TASK_LINE_END,
  TASK_LINE_START,
  TASK_ROWS,
  GONE_UNSURE,
} from '../layout.ts'
import { behindCanonical } from './json-canonical.ts'
import { lineFeed } from './scan.ts'

/**
 * Fills u8 for each row: HOW_NOT where it is gone or nothing, HOW_WITH_TEXT where its bytes can be handed on, HOW_TEXT
 * where they cannot, or where the row is odd. Returns how many rows are HOW_TEXT.
 */
export function judgeNdjson(task: usize, how: usize): u32 {
  const rows = load<u32>(task, TASK_ROWS)
  const flags = <usize>load<u32>(task, TASK_FLAG)
  const gone = <usize>load<u32>(task, TASK_GONE)
  const starts = <usize>load<u32>(task, TASK_LINE_START)
  const ends = <usize>load<u32>(task, TASK_LINE_END)
  let texts: u32 = 0
  for (let row: u32 = 0; row < rows; row++) {
    const flag = load<u8>(flags + row)
    const mark = load<u8>(gone + row)
    let choice = <u8>HOW_TEXT
    if (flag == ROW_NOTHING || (mark != 0 && mark != <u8>GONE_UNSURE)) {
      choice = <u8>HOW_NOT
    } else if (flag == ROW_OK && mark == 0) {
      const end = <usize>load<u32>(ends + (row << 2))
      if (behindCanonical(load<u32>(starts + (row << 2)), 0) == end) choice = <u8>HOW_WITH_TEXT
    }
    if (choice == HOW_TEXT) texts++
    store<u8>(how + row, choice)
  }
  return texts
}

/**
 * Writes the rows to `out` as `how` says, and returns how many bytes. `texts` holds a line, LF included, for each row that
 * is not HOW_NOT: the whole record, or what goes in the place of its closing brace (which begins with a comma).
 */
export function writeNdjson(task: usize, how: usize, texts: usize, out: usize): u32 {
  const rows = load<u32>(task, TASK_ROWS)
  const starts = <usize>load<u32>(task, TASK_LINE_START)
  const ends = <usize>load<u32>(task, TASK_LINE_END)
  const first = out
  for (let row: u32 = 0; row < rows; row++) {
    const choice = load<u8>(how + row)
    if (choice == HOW_NOT) continue
    let from = texts
    texts = lineFeed(texts) + 1
    if (choice == HOW_WITH_TEXT) {
      const start = <usize>load<u32>(starts + (row << 2))
      const length = <usize>load<u32>(ends + (row << 2)) - start - 1
      copy(out, start, length)
      out += length
      // The first field of an object without any has no comma before it.
      if (length == 1 && load<u8>(from) == 0x2c) from++
    }
    copy(out, from, texts - from)
    out += texts - from
  }
  return <u32>(out - first)
}

/** Copies short texts without a call; up to 15 bytes behind the end are overwritten. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, length: usize): void {
  if (length > 512) {
    memory.copy(to, from, length)
    return
  }
  for (let done: usize = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done))
}

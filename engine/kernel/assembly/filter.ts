/** Conditions that compare one field with one value. */
import {
  COLUMN_END,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  GONE_UNSURE,
  KIND_FALSE,
  KIND_MISSING,
  KIND_NULL,
  KIND_NUMBER,
  KIND_TEXT,
  KIND_TRUE,
  OP_EQUAL,
  OP_GREATER,
  OP_GREATER_EQUAL,
  OP_LESS,
  OP_LESS_EQUAL,
  OP_UNEQUAL,
  ROW_OK,
  TASK_FLAG,
  TASK_GONE,
  TASK_ROWS,
  TEST_COLUMN,
  TEST_LENGTH,
  TEST_MARK,
  TEST_NUMBER,
  TEST_OP,
  TEST_TEXT,
} from '../layout.ts'
import { sameBytes } from './keys.ts'

/**
 * Marks in GONE the rows whose field does not compare to the number of the test as JavaScript would have it; texts and
 * objects in an order (`<`) are marked GONE_UNSURE. Rows that are gone or odd are left as they are.
 */
export function filterNumber(task: usize, test: usize): void {
  const column = <usize>load<u32>(test, TEST_COLUMN)
  const op = load<u32>(test, TEST_OP)
  const value = load<f64>(test, TEST_NUMBER)
  const mark = <u8>load<u32>(test, TEST_MARK)
  const rows = load<u32>(task, TASK_ROWS)
  const gone = <usize>load<u32>(task, TASK_GONE)
  const flags = <usize>load<u32>(task, TASK_FLAG)
  const kinds = <usize>load<u32>(column, COLUMN_KIND)
  const numbers = <usize>load<u32>(column, COLUMN_NUM)
  for (let row: u32 = 0; row < rows; row++) {
    if (load<u8>(gone + row) != 0 || load<u8>(flags + row) != ROW_OK) continue
    const kind = load<u8>(kinds + row)
    if (kind == KIND_NUMBER) {
      if (!compare(load<f64>(numbers + (row << 3)), op, value)) store<u8>(gone + row, mark)
    } else if (op == OP_EQUAL || op == OP_UNEQUAL) {
      if (op == OP_EQUAL) store<u8>(gone + row, mark)
    } else if (kind == KIND_MISSING) {
      store<u8>(gone + row, mark)
    } else if (kind == KIND_NULL || kind == KIND_TRUE || kind == KIND_FALSE) {
      if (!compare(kind == KIND_TRUE ? 1 : 0, op, value)) store<u8>(gone + row, mark)
    } else {
      store<u8>(gone + row, <u8>GONE_UNSURE)
    }
  }
}

// @ts-ignore: decorator
@inline
function compare(a: f64, op: u32, b: f64): bool {
  switch (op) {
    case OP_EQUAL:
      return a == b
    case OP_UNEQUAL:
      return a != b
    case OP_LESS:
      return a < b
    case OP_LESS_EQUAL:
      return a <= b
    case OP_GREATER:
      return a > b
    case OP_GREATER_EQUAL:
      return a >= b
    default:
      return false
  }
}

/** The same for `===` and `!==` with the text of the test; never unsure. */
export function filterText(task: usize, test: usize): void {
  const column = <usize>load<u32>(test, TEST_COLUMN)
  const op = load<u32>(test, TEST_OP)
  const at = <usize>load<u32>(test, TEST_TEXT)
  const length = load<u32>(test, TEST_LENGTH)
  const mark = <u8>load<u32>(test, TEST_MARK)
  const rows = load<u32>(task, TASK_ROWS)
  const gone = <usize>load<u32>(task, TASK_GONE)
  const flags = <usize>load<u32>(task, TASK_FLAG)
  const kinds = <usize>load<u32>(column, COLUMN_KIND)
  const starts = <usize>load<u32>(column, COLUMN_START)
  const ends = <usize>load<u32>(column, COLUMN_END)
  for (let row: u32 = 0; row < rows; row++) {
    if (load<u8>(gone + row) != 0 || load<u8>(flags + row) != ROW_OK) continue
    const start = load<u32>(starts + (row << 2))
    const same =
      load<u8>(kinds + row) == KIND_TEXT &&
      load<u32>(ends + (row << 2)) - start == length &&
      sameBytes(start, at, length)
    if (same != (op == OP_EQUAL)) store<u8>(gone + row, mark)
  }
}

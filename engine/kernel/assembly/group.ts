/** Rows into groups, and the groups of one table into those of another. */
import {
  AGG_AVG,
  AGG_COUNTS,
  AGG_MAX,
  AGG_MIN,
  AGG_SUM,
  COLUMN_END,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  GROUP_HASH,
  GROUP_INDEX,
  GROUP_KEY_LENGTH,
  GROUP_MINUS,
  GROUP_NUMBER,
  GROUP_STATES,
  GROUP_TAG,
  KIND_NULL,
  KIND_NUMBER,
  KIND_TEXT,
  LEFT_BYTES,
  STATE_BYTES,
  TABLE_AGGS,
  TABLE_AGG_COUNT,
  TABLE_FULL,
  TABLE_GROUPS,
  TABLE_KEYS,
  TABLE_KEY_COUNT,
  TABLE_LEFT,
  TABLE_LEFT_COUNT,
  TABLE_MASK,
  TABLE_PIECE,
  TABLE_REFUSED,
  TABLE_REFUSED_COUNT,
  TABLE_SLOTS,
  TASK_GONE,
  TASK_ROWS,
} from '../layout.ts'
import { hashOf, keyAt, keyLength, keyMinus, keyTag, readKey } from './keys.ts'
import { findGroup, headOf } from './table.ts'

/** Whole numbers below it are added here; sums stay below SUM_LIMIT, so that those of many tables can be added up. */
const WHOLE: f64 = 9007199254740992
const SUM_LIMIT: i64 = 1 << 56

/** Rows whose groups are looked for together: few enough for all they touch to stay near the processor. */
const TOGETHER: u32 = 128
/** Hashes of these rows. */
const hashes = memory.data(128 * 4, 8)

/** Adds the rows of a task that are not gone. Rows of LEFT and REFUSED are told; stops where the table is full. */
export function groupRows(table: usize, task: usize): void {
  const rows = load<u32>(task, TASK_ROWS)
  const gone = <usize>load<u32>(task, TASK_GONE)
  const isText = load<u32>(table, TABLE_KEY_COUNT) == 1
  store<u32>(table, 0, TABLE_LEFT_COUNT)
  store<u32>(table, 0, TABLE_REFUSED_COUNT)
  for (let from: u32 = 0; from < rows; from += TOGETHER) {
    const to = min(rows, from + TOGETHER)
    if (isText) touch(table, gone, from, to)
    for (let row = from; row < to; row++) {
      if (load<u8>(gone + row) != 0) continue
      if (!fits(table, row)) {
        refuse(table, row)
        continue
      }
      readKey(table, row)
      const hash =
        isText && keyTag == KIND_TEXT
          ? load<u32>(hashes + ((row - from) << 2))
          : hashOf(keyAt, keyLength, keyTag)
      const more = (<u64>keyMinus << 48) | (<u64>keyTag << 32) | keyLength
      const group = findGroup(table, hash, keyAt, more)
      if (group == 0) return
      addRow(table, row, group)
    }
  }
}

/**
 * Hashes the rows' texts, then reads of their slots and their groups, all before the first is used: the processor fetches
 * what is far away for many rows at once, where one row after the other would wait for each.
 */
function touch(table: usize, gone: usize, from: u32, to: u32): void {
  const column = <usize>load<u32>(<usize>load<u32>(table, TABLE_KEYS))
  const kinds = <usize>load<u32>(column, COLUMN_KIND)
  const starts = <usize>load<u32>(column, COLUMN_START)
  const ends = <usize>load<u32>(column, COLUMN_END)
  const slots = <usize>load<u32>(table, TABLE_SLOTS)
  const mask = load<u32>(table, TABLE_MASK)
  const head = headOf(table)
  for (let row = from; row < to; row++) {
    if (load<u8>(kinds + row) != KIND_TEXT || load<u8>(gone + row) != 0) {
      store<u32>(hashes + ((row - from) << 2), 0)
      continue
    }
    const start = load<u32>(starts + (row << 2))
    const hash = hashOf(start, load<u32>(ends + (row << 2)) - start, <u8>KIND_TEXT)
    store<u32>(hashes + ((row - from) << 2), hash)
  }
  let seen: u64 = 0
  for (let at: u32 = 0; at < to - from; at++) {
    const slot = load<u32>(hashes + (at << 2)) & mask
    seen += load<u64>(slots + (<usize>slot << 3))
  }
  for (let at: u32 = 0; at < to - from; at++) {
    const slot = load<u32>(hashes + (at << 2)) & mask
    const group = <usize>(load<u64>(slots + (<usize>slot << 3)) >> 32)
    // An empty slot leads to address 0, which may be read too.
    seen += load<u32>(group) + load<u32>(group + head, 24)
  }
  touched = seen
}

/** Kept so that the reads above are not taken for idle. */
let touched: u64 = 0

/** Whether all that is to be summed is a number, null or missing. */
// @ts-ignore: decorator
@inline
function fits(table: usize, row: u32): bool {
  const count = load<u32>(table, TABLE_AGG_COUNT)
  let agg = <usize>load<u32>(table, TABLE_AGGS)
  for (let i: u32 = 0; i < count; i++, agg += 8) {
    const fn = load<u32>(agg)
    if (fn != AGG_SUM && fn != AGG_AVG) continue
    const kind = kindOf(load<u32>(agg, 4), row)
    if (kind > <u8>KIND_NULL && kind != <u8>KIND_NUMBER) return false
  }
  return true
}

function refuse(table: usize, row: u32): void {
  const count = load<u32>(table, TABLE_REFUSED_COUNT)
  store<u32>(<usize>load<u32>(table, TABLE_REFUSED) + (count << 2), row)
  store<u32>(table, count + 1, TABLE_REFUSED_COUNT)
}

// @ts-ignore: decorator
@inline
function kindOf(column: usize, row: u32): u8 {
  return load<u8>(<usize>load<u32>(column, COLUMN_KIND) + row)
}

// @ts-ignore: decorator
@inline
function addRow(table: usize, row: u32, group: usize): void {
  const count = load<u32>(table, TABLE_AGG_COUNT)
  let agg = <usize>load<u32>(table, TABLE_AGGS)
  let state = group + GROUP_STATES
  for (let i: u32 = 0; i < count; i++, agg += 8, state += STATE_BYTES) {
    const fn = load<u32>(agg)
    if (fn == AGG_COUNTS) {
      store<f64>(state, load<f64>(state) + 1)
      continue
    }
    const column = <usize>load<u32>(agg, 4)
    const kind = kindOf(column, row)
    if (kind <= <u8>KIND_NULL) continue
    const value = load<f64>(<usize>load<u32>(column, COLUMN_NUM) + (row << 3))
    if (!add(fn, state, kind == KIND_NUMBER, value, load<u32>(table, TABLE_PIECE))) leave(table, row, i, load<u32>(group, GROUP_INDEX))
  }
}

/** False where the value is left to others. */
// @ts-ignore: decorator
@inline
function add(fn: u32, state: usize, isNumber: bool, value: f64, piece: u32): bool {
  if (fn == AGG_AVG) store<f64>(state, load<f64>(state, 8) + 1, 8)
  if (!isNumber) return false
  if (fn == AGG_MIN || fn == AGG_MAX) {
    const known = load<f64>(state)
    const better = fn == AGG_MIN ? value < known : value > known
    if (better || load<u32>(state, 8) == 0) keep(state, value, piece)
    return true
  }
  // NaN and infinities are not below it either.
  if (!(abs(value) < WHOLE) || trunc(value) != value) return false
  const sum = load<i64>(state) + <i64>value
  if (sum >= SUM_LIMIT || sum <= -SUM_LIMIT) return false
  store<i64>(state, sum)
  return true
}

// @ts-ignore: decorator
@inline
function keep(state: usize, value: f64, piece: u32): void {
  store<f64>(state, value)
  store<u32>(state, 1, 8)
  store<u32>(state, piece, 12)
}

function leave(table: usize, row: u32, aggregate: u32, group: u32): void {
  const count = load<u32>(table, TABLE_LEFT_COUNT)
  const left = <usize>load<u32>(table, TABLE_LEFT) + <usize>count * LEFT_BYTES
  store<u32>(left, row)
  store<u32>(left, aggregate, 4)
  store<u32>(left, group, 8)
  store<u32>(table, count + 1, TABLE_LEFT_COUNT)
}

/**
 * Adds the groups in [from, to), made by a table of the same aggregates. Of equal ones the lower number stays; the numbers
 * of those that come are their indexes there and `base`, where that is not below 0. Writes the new index of each to
 * `indexes`, a u32[], where that is not 0. Stops where the table is full.
 */
export function mergeGroups(table: usize, from: usize, to: usize, indexes: usize, base: f64): void {
  const head = headOf(table)
  let ready = from
  for (let other = from; other < to;) {
    if (other == ready) ready = touchSlots(table, other, to)
    const length = load<u32>(other, GROUP_KEY_LENGTH)
    const known = load<u32>(table, TABLE_GROUPS)
    const more = (<u64>load<u16>(other, GROUP_MINUS) << 48) | (<u64>load<u8>(other, GROUP_TAG) << 32) | length
    const group = findGroup(table, load<u32>(other, GROUP_HASH), other + head, more)
    if (load<u32>(table, TABLE_FULL) != 0) return
    const number = base < 0 ? load<f64>(other, GROUP_NUMBER) : base + <f64>load<u32>(other, GROUP_INDEX)
    if (load<u32>(table, TABLE_GROUPS) != known || number < load<f64>(group, GROUP_NUMBER)) {
      store<f64>(group, number, GROUP_NUMBER)
      store<u16>(group, load<u16>(other, GROUP_MINUS), GROUP_MINUS)
    }
    mergeStates(table, group, other)
    if (indexes != 0) {
      store<u32>(indexes, load<u32>(group, GROUP_INDEX))
      indexes += 4
    }
    other += (head + length + 7) & ~7
  }
}

/** As `touch` does for rows, for TOGETHER groups from this one on; returns where they end. */
function touchSlots(table: usize, from: usize, to: usize): usize {
  const head = headOf(table)
  const slots = <usize>load<u32>(table, TABLE_SLOTS)
  const mask = load<u32>(table, TABLE_MASK)
  let seen: u64 = 0
  let end = from
  for (let i: u32 = 0; i < TOGETHER && end < to; i++) {
    seen += load<u64>(slots + (<usize>(load<u32>(end, GROUP_HASH) & mask) << 3))
    end += (head + load<u32>(end, GROUP_KEY_LENGTH) + 7) & ~7
  }
  for (let other = from; other < end;) {
    const group = <usize>(load<u64>(slots + (<usize>(load<u32>(other, GROUP_HASH) & mask) << 3)) >> 32)
    seen += load<u32>(group) + load<u32>(group + head, 24)
    other += (head + load<u32>(other, GROUP_KEY_LENGTH) + 7) & ~7
  }
  touched = seen
  return end
}

// @ts-ignore: decorator
@inline
function mergeStates(table: usize, group: usize, other: usize): void {
  const count = load<u32>(table, TABLE_AGG_COUNT)
  let agg = <usize>load<u32>(table, TABLE_AGGS)
  for (let i: u32 = 0; i < count; i++, agg += 8) {
    const at = <usize>GROUP_STATES + <usize>i * <usize>STATE_BYTES
    mergeState(load<u32>(agg), group + at, other + at)
  }
}

// @ts-ignore: decorator
@inline
function mergeState(fn: u32, a: usize, b: usize): void {
  if (fn == AGG_COUNTS) {
    store<f64>(a, load<f64>(a) + load<f64>(b))
  } else if (fn == AGG_SUM) {
    store<i64>(a, load<i64>(a) + load<i64>(b))
  } else if (fn == AGG_AVG) {
    store<i64>(a, load<i64>(a) + load<i64>(b))
    store<f64>(a, load<f64>(a, 8) + load<f64>(b, 8), 8)
  } else if (load<u32>(b, 8) != 0) {
    const known = load<f64>(a)
    const value = load<f64>(b)
    const piece = load<u32>(b, 12)
    const better = fn == AGG_MIN ? value < known : value > known
    const earlier = value == known && piece < load<u32>(a, 12)
    if (better || earlier || load<u32>(a, 8) == 0) keep(a, value, piece)
  }
}

/** Keys of groups as bytes: their hash, whether two are the same, and how those of several columns are put together. */
import {
  COLUMN_END,
  COLUMN_KIND,
  COLUMN_NUM,
  COLUMN_START,
  KIND_FALSE,
  KIND_MISSING,
  KIND_NULL,
  KIND_NUMBER,
  KIND_TEXT,
  KIND_TRUE,
  TABLE_KEYS,
  TABLE_KEY_COUNT,
  TABLE_KEY_ROOM,
  TABLE_KEY_TEXT,
  TAG_SEVERAL,
} from '../layout.ts'
import { allocate } from './memory.ts'

const PRIME: u64 = 0x9e3779b97f4a7c15

// The key that `readKey` found.
export let keyAt: usize = 0
export let keyLength: u32 = 0
export let keyTag: u8 = 0
export let keyMinus: u16 = 0

/** Reads the key of a row: bytes where they lie if it is one text, put together in the table's room if not. */
// @ts-ignore: decorator
@inline
export function readKey(table: usize, row: u32): void {
  if (load<u32>(table, TABLE_KEY_COUNT) == 1) {
    const column = <usize>load<u32>(<usize>load<u32>(table, TABLE_KEYS))
    const kind = load<u8>(<usize>load<u32>(column, COLUMN_KIND) + row)
    if (kind == KIND_TEXT) {
      keyAt = load<u32>(<usize>load<u32>(column, COLUMN_START) + (row << 2))
      keyLength = load<u32>(<usize>load<u32>(column, COLUMN_END) + (row << 2)) - <u32>keyAt
      keyTag = kind
      keyMinus = 0
      return
    }
  }
  putTogether(table, row)
}

function putTogether(table: usize, row: u32): void {
  const count = load<u32>(table, TABLE_KEY_COUNT)
  const columns = <usize>load<u32>(table, TABLE_KEYS)
  keyAt = roomFor(table, row)
  keyMinus = 0
  let at = keyAt
  for (let i: u32 = 0; i < count; i++) {
    const column = <usize>load<u32>(columns + (i << 2))
    let kind = load<u8>(<usize>load<u32>(column, COLUMN_KIND) + row)
    if (kind == KIND_MISSING) kind = <u8>KIND_NULL
    keyTag = kind
    if (count > 1) store<u8>(at++, kind)
    if (kind == KIND_NUMBER) {
      const value = load<f64>(<usize>load<u32>(column, COLUMN_NUM) + (row << 3))
      if (reinterpret<u64>(value) == 0x8000000000000000) keyMinus |= <u16>((<u32>1) << i)
      store<f64>(at, value == 0 ? 0 : value)
      at += 8
    } else if (hasBytes(kind)) {
      const start = <usize>load<u32>(<usize>load<u32>(column, COLUMN_START) + (row << 2))
      const length = load<u32>(<usize>load<u32>(column, COLUMN_END) + (row << 2)) - <u32>start
      if (count > 1) {
        store<u32>(at, length)
        at += 4
      }
      memory.copy(at, start, length)
      at += length
    }
  }
  if (count != 1) keyTag = <u8>TAG_SEVERAL
  keyLength = <u32>(at - keyAt)
}

/** Room for the row's key, put together. */
function roomFor(table: usize, row: u32): usize {
  const count = load<u32>(table, TABLE_KEY_COUNT)
  const columns = <usize>load<u32>(table, TABLE_KEYS)
  let need: u32 = 16
  for (let i: u32 = 0; i < count; i++) {
    const column = <usize>load<u32>(columns + (i << 2))
    need += 13
    if (hasBytes(load<u8>(<usize>load<u32>(column, COLUMN_KIND) + row))) {
      need += load<u32>(<usize>load<u32>(column, COLUMN_END) + (row << 2))
      need -= load<u32>(<usize>load<u32>(column, COLUMN_START) + (row << 2))
    }
  }
  if (need > load<u32>(table, TABLE_KEY_ROOM)) {
    store<u32>(table, <u32>allocate(need * 2), TABLE_KEY_TEXT)
    store<u32>(table, need * 2, TABLE_KEY_ROOM)
  }
  return load<u32>(table, TABLE_KEY_TEXT)
}

// @ts-ignore: decorator
@inline
function hasBytes(kind: u8): bool {
  return kind != KIND_MISSING && kind != KIND_NULL && kind != KIND_NUMBER && kind != KIND_TRUE && kind != KIND_FALSE
}

/** Reads up to 7 bytes behind the key. */
// @ts-ignore: decorator
@inline
export function hashOf(at: usize, length: u32, tag: u8): u32 {
  let hash: u64 = (<u64>length << 8) | tag
  const end = at + length
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ load<u64>(at), 29) * PRIME
  const rest = <u64>(end - at)
  if (rest != 0) hash = rotl(hash ^ (load<u64>(at) & ((<u64>1 << (rest << 3)) - 1)), 29) * PRIME
  hash = (hash ^ (hash >> 32)) * PRIME
  return <u32>(hash >> 32)
}

/** Whether two runs of bytes of one length are the same. Reads up to 7 bytes behind them. */
// @ts-ignore: decorator
@inline
export function sameBytes(a: usize, b: usize, length: u32): bool {
  const end = a + length
  for (; a + 8 <= end; a += 8, b += 8) if (load<u64>(a) != load<u64>(b)) return false
  const rest = <u64>(end - a)
  return rest == 0 || ((load<u64>(a) ^ load<u64>(b)) & ((<u64>1 << (rest << 3)) - 1)) == 0
}

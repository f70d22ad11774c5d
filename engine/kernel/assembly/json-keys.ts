/**
 * The keys of JSON objects. They mostly come in the order of the line before, so the keys seen are kept in a list, as
 * they are written (`"user":`), and a key is first compared with the next one of the list.
 */
import { COLUMN_BYTES, COLUMN_FIELD, TASK_COLUMNS, TASK_COLUMN_COUNT, TASK_SETTINGS } from '../layout.ts'
import { JSON_SETTING_NAMES } from '../layout.ts'
import { behindSpace, stringStop } from './json-text.ts'

const QUOTE: u8 = 0x22
const COLON: u8 = 0x3a

/** A known key: its text with quotes and colon, the text's length (u32), and its column (i32, -1: not wanted). */
const KEY_BYTES: usize = 64
const LONGEST: u32 = 48
export const KEY_LENGTH: usize = 48
export const KEY_COLUMN: usize = 52
const MOST_KEYS: u32 = 64

const keys = memory.data(64 * 64, 16)
export let keyCount: u32 = 0
let taskOfKeys: usize = 0

/** What `readKey` found: the column of the key (-1: not wanted), and which known key is expected behind it. */
export let foundColumn: i32 = 0
export let foundNext: u32 = 0

/** To be called before a task's lines are scanned; what was learnt from its lines before is kept. */
export function resetKeys(task: usize): void {
  if (task == taskOfKeys) return
  taskOfKeys = task
  keyCount = 0
}

// @ts-ignore: decorator
@inline
export function keyOf(index: u32): usize {
  return keys + <usize>index * KEY_BYTES
}

/** Whether the text at `at` begins with that of a known key. */
// @ts-ignore: decorator
@inline
export function hasKey(known: usize, at: usize): bool {
  const length = load<u32>(known, KEY_LENGTH)
  const equal = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(known)))
  if (length <= 16) return (~equal & ((1 << length) - 1)) == 0
  return equal == 0xffff && memory.compare(at + 16, known + 16, length - 16) == 0
}

/**
 * Reads a key that is not the known one of index `next`. Returns the address behind its colon, or 0 where it is no key, or
 * one with escapes: those may spell any name.
 */
export function readKey(at: usize, next: u32): usize {
  for (let i: u32 = 1; i < keyCount; i++) {
    if (++next >= keyCount) next = 0
    const known = keyOf(next)
    if (!hasKey(known, at)) continue
    foundColumn = load<i32>(known, KEY_COLUMN)
    foundNext = next + 1
    return at + load<u32>(known, KEY_LENGTH)
  }
  if (load<u8>(at) != QUOTE) return 0
  const end = stringStop(at + 1)
  if (load<u8>(end) != QUOTE) return 0
  const colon = behindSpace(end + 1)
  if (load<u8>(colon) != COLON) return 0
  foundColumn = columnOf(at + 1, <u32>(end - at - 1))
  foundNext = keyCount
  // One that is written with white space is read anew each time.
  if (colon == end + 1) remember(at, <u32>(colon + 1 - at), foundColumn)
  return colon + 1
}

function remember(text: usize, length: u32, column: i32): void {
  if (length > LONGEST || keyCount == MOST_KEYS) return
  const known = keyOf(keyCount)
  memory.copy(known, text, length)
  store<u32>(known, length, KEY_LENGTH)
  store<i32>(known, column, KEY_COLUMN)
  foundNext = ++keyCount
}

function columnOf(name: usize, length: u32): i32 {
  const names = <usize>load<u32>(taskOfKeys, TASK_SETTINGS) + JSON_SETTING_NAMES
  const count = <i32>load<u32>(taskOfKeys, TASK_COLUMN_COUNT)
  let column = <usize>load<u32>(taskOfKeys, TASK_COLUMNS)
  for (let i = 0; i < count; i++, column += COLUMN_BYTES) {
    const wanted = names + (<usize>load<u32>(column, COLUMN_FIELD) << 3)
    if (load<u32>(wanted, 4) == length && memory.compare(load<u32>(wanted), name, length) == 0) return i
  }
  return -1
}

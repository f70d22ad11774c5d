/**
 * Whether JSON is written as JSON.stringify would write what JSON.parse makes of it: then its bytes can be handed on as
 * they are. Says no where it cannot be sure. What it looks at must be right JSON, as a scanner has found before.
 */
import { digitCount, stringStop } from './json-text.ts'

const QUOTE: u8 = 0x22
const COMMA: u8 = 0x2c
const MINUS: u8 = 0x2d
const ZERO: u8 = 0x30
const COLON: u8 = 0x3a

/** Levels of objects, and keys of one object, that are looked at; beyond them it is not sure. */
const LEVELS: u32 = 16
const KEYS: u32 = 32
/** For each level and key: where the key begins (u32), and its length (u32). */
const keys = memory.data(16 * 32 * 8, 8)
/** A number of so many digits is what it is written as. */
const MOST_DIGITS: usize = 15
/** Smaller numbers are written with an exponent. */
const MOST_ZEROS: usize = 5

/** Behind the value, or 0. */
export function behindCanonical(at: usize, level: u32): usize {
  const c = load<u8>(at)
  if (c == QUOTE) return behindText(at + 1)
  if (c - ZERO < 10 || c == MINUS) return behindPlainNumber(at)
  if (c == 0x7b) return behindObject(at + 1, level)
  if (c == 0x5b) return behindList(at + 1, level)
  if (c == 0x74 || c == 0x6e) return at + 4
  return c == 0x66 ? at + 5 : 0
}

function behindText(at: usize): usize {
  while (true) {
    at = stringStop(at)
    if (load<u8>(at) == QUOTE) return at + 1
    const escape = load<u8>(at + 1)
    // "\/" is written without a backslash, and \u only for some.
    if (escape == 0x2f || escape == 0x75) return 0
    at += 2
  }
}

function behindPlainNumber(at: usize): usize {
  const negative = load<u8>(at) == MINUS
  if (negative) at++
  const first = at
  let count = digitCount(load<u64>(at))
  at += <usize>count
  if (count == 8) {
    count = digitCount(load<u64>(at))
    at += <usize>count
    if (count == 8) return 0
  }
  const c = load<u8>(at)
  if ((c | 0x20) == 0x65) return 0
  // -0 is written as 0.
  if (c != 0x2e) return negative && load<u8>(first) == ZERO ? 0 : at
  const point = at++
  while (load<u8>(at) - ZERO < 10) at++
  if (load<u8>(at - 1) == ZERO || (load<u8>(at) | 0x20) == 0x65 || at - first - 1 > MOST_DIGITS) return 0
  if (load<u8>(first) != ZERO) return at
  let digit = point + 1
  while (load<u8>(digit) == ZERO) digit++
  return digit - point - 1 <= MOST_ZEROS ? at : 0
}

/** `at` is behind the opening brace. */
function behindObject(at: usize, level: u32): usize {
  if (load<u8>(at) == 0x7d) return at + 1
  if (level == LEVELS) return 0
  const known = keys + <usize>(level * KEYS * 8)
  for (let count: u32 = 0; count < KEYS; count++) {
    if (load<u8>(at) != QUOTE) return 0
    const key = at + 1
    at = stringStop(key)
    // An escape may spell a name that is there already.
    if (load<u8>(at) != QUOTE || load<u8>(at + 1) != COLON) return 0
    const length = <u32>(at - key)
    if (movesOrVanishes(key, length) || isKnown(known, count, key, length)) return 0
    store<u32>(known + (count << 3), <u32>key)
    store<u32>(known + (count << 3), length, 4)
    at = behindCanonical(at + 2, level + 1)
    if (at == 0) return 0
    const c = load<u8>(at++)
    if (c == 0x7d) return at
    if (c != COMMA) return 0
  }
  return 0
}

/** Whole numbers come first in objects, whatever was written; `__proto__` is like no other name. */
// @ts-ignore: decorator
@inline
function movesOrVanishes(key: usize, length: u32): bool {
  const c = load<u8>(key)
  return c - ZERO < 10 || (c == 0x5f && length == 9 && load<u64>(key) == 0x5f6f746f72705f5f)
}

// @ts-ignore: decorator
@inline
function isKnown(known: usize, count: u32, key: usize, length: u32): bool {
  for (let i: u32 = 0; i < count; i++, known += 8) {
    if (load<u32>(known, 4) == length && memory.compare(load<u32>(known), key, length) == 0) return true
  }
  return false
}

function behindList(at: usize, level: u32): usize {
  if (load<u8>(at) == 0x5d) return at + 1
  if (level == LEVELS) return 0
  while (true) {
    at = behindCanonical(at, level + 1)
    if (at == 0) return 0
    const c = load<u8>(at++)
    if (c == 0x5d) return at
    if (c != COMMA) return 0
  }
}

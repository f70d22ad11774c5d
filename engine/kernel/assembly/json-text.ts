/**
 * JSON values as bytes: each function takes the address of a value's first byte and returns the address behind it, or 0
 * where the text is not what JSON.parse accepts. Reading may run up to 16 bytes past a line feed, never past one that
 * ends the block: a line feed is no part of any value, so every loop stops there.
 */

const QUOTE: u8 = 0x22
const BACKSLASH: u8 = 0x5c
const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
const ZERO: u8 = 0x30

/** Deeper values are left to JSON.parse, as every level costs stack here. */
const DEEPEST: u32 = 200

/** Behind blanks, tabs and carriage returns. A line feed is the end of the line here, not white space. */
// @ts-ignore: decorator
@inline
export function behindSpace(at: usize): usize {
  let c = load<u8>(at)
  while (c == 32 || c == 9 || c == 13) c = load<u8>(++at)
  return at
}

/** The first quote, backslash or control character at or behind `at`. */
// @ts-ignore: decorator
@inline
export function stringStop(at: usize): usize {
  while (true) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
        v128.lt<u8>(bytes, i8x16.splat(0x20)),
      ),
    )
    if (found) return at + ctz(found)
    at += 16
  }
}

/** Behind the closing quote; `at` is behind the opening one. Escapes are checked, not undone. */
export function behindString(at: usize): usize {
  while (true) {
    at = stringStop(at)
    const c = load<u8>(at)
    if (c == QUOTE) return at + 1
    if (c != BACKSLASH) return 0
    const escape = load<u8>(at + 1)
    if (escape == 0x75) {
      for (let i: usize = 2; i < 6; i++) if (!isHex(load<u8>(at + i))) return 0
      at += 6
    } else if (isEscape(escape)) {
      at += 2
    } else {
      return 0
    }
  }
}

/** " \ / b f n r t */
// @ts-ignore: decorator
@inline
function isEscape(c: u8): bool {
  return (
    c == QUOTE || c == BACKSLASH || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74
  )
}

// @ts-ignore: decorator
@inline
function isHex(c: u8): bool {
  return c - ZERO < 10 || (c | 0x20) - 0x61 < 6
}

/** How many of the eight bytes, from the lowest on, are digits. */
// @ts-ignore: decorator
@inline
export function digitCount(eight: u64): u64 {
  const low = eight ^ 0x3030303030303030
  // The highest bit of a byte is set where the byte is above 9.
  const above = ((low & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | low
  const marks = above & 0x8080808080808080
  return marks == 0 ? 8 : ctz(marks) >> 3
}

/** The number that the first `count` (1 to 8) of the eight bytes spell. */
// @ts-ignore: decorator
@inline
export function digitsValue(eight: u64, count: u64): u64 {
  // Digits move to the end, zeros (as bytes of no value) come before them.
  let value = (eight & 0x0f0f0f0f0f0f0f0f) << ((8 - count) << 3)
  value = (value * 10 + (value >> 8)) & 0x00ff00ff00ff00ff
  value = (value * 100 + (value >> 16)) & 0x0000ffff0000ffff
  return (value * 10000 + (value >> 32)) & 0xffffffff
}

// @ts-ignore: decorator
@inline
function behindDigits(at: usize): usize {
  while (true) {
    const count = digitCount(load<u64>(at))
    at += <usize>count
    if (count < 8) return at
  }
}

export function behindNumber(at: usize): usize {
  let c = load<u8>(at)
  if (c == MINUS) c = load<u8>(++at)
  if (c == ZERO) at++
  else if (c - ZERO < 10) at = behindDigits(at + 1)
  else return 0
  c = load<u8>(at)
  return c == DOT || (c | 0x20) == 0x65 ? behindFraction(at) : at
}

/** Behind fraction and exponent; `at` is the point or the e. */
export function behindFraction(at: usize): usize {
  if (load<u8>(at) == DOT) {
    const end = behindDigits(at + 1)
    if (end == at + 1) return 0
    at = end
  }
  if ((load<u8>(at) | 0x20) != 0x65) return at
  at++
  const sign = load<u8>(at)
  if (sign == MINUS || sign == 0x2b) at++
  const end = behindDigits(at)
  return end == at ? 0 : end
}

/** Behind any value. */
export function behindValue(at: usize, depth: u32 = 0): usize {
  const c = load<u8>(at)
  if (c == QUOTE) return behindString(at + 1)
  if (c - ZERO < 10 || c == MINUS) return behindNumber(at)
  if (c == 0x7b) return depth < DEEPEST ? behindObject(at + 1, depth + 1) : 0
  if (c == 0x5b) return depth < DEEPEST ? behindArray(at + 1, depth + 1) : 0
  return behindWord(at)
}

/** Behind `true`, `false` or `null`. */
export function behindWord(at: usize): usize {
  const word = load<u32>(at)
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0
}

function behindObject(at: usize, depth: u32): usize {
  at = behindSpace(at)
  if (load<u8>(at) == 0x7d) return at + 1
  while (true) {
    if (load<u8>(at) != QUOTE) return 0
    at = behindString(at + 1)
    if (at == 0) return 0
    at = behindSpace(at)
    if (load<u8>(at) != 0x3a) return 0
    at = behindValue(behindSpace(at + 1), depth)
    if (at == 0) return 0
    at = behindSpace(at)
    const c = load<u8>(at)
    if (c == 0x7d) return at + 1
    if (c != 0x2c) return 0
    at = behindSpace(at + 1)
  }
}

function behindArray(at: usize, depth: u32): usize {
  at = behindSpace(at)
  if (load<u8>(at) == 0x5d) return at + 1
  while (true) {
    at = behindValue(at, depth)
    if (at == 0) return 0
    at = behindSpace(at)
    const c = load<u8>(at)
    if (c == 0x5d) return at + 1
    if (c != 0x2c) return 0
    at = behindSpace(at + 1)
  }
}


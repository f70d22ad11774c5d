/** What concerns bytes and lines of any format. */

const LF: u8 = 10

/** True where all bytes of [from, to) are ASCII and none is NUL. Reads up to 64 bytes behind `to`. */
export function isPlain(from: usize, to: usize): bool {
  let least = i8x16.splat(1)
  let at = from
  for (const last = to - 64; at + 64 <= to && at <= last; at += 64) {
    const a = i8x16.min_s(v128.load(at), v128.load(at, 16))
    const b = i8x16.min_s(v128.load(at, 32), v128.load(at, 48))
    least = i8x16.min_s(least, i8x16.min_s(a, b))
  }
  for (; at < to; at++) if (load<i8>(at) <= 0) return false
  // NUL is 0, and every byte beyond ASCII is negative.
  return i8x16.all_true(i8x16.gt_s(least, i8x16.splat(0)))
}

/** How many LF lie in [from, to). */
export function countLines(from: usize, to: usize): u32 {
  const feed = i8x16.splat(LF)
  let count: u32 = 0
  let at = from
  for (; at + 16 <= to; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), feed)))
  for (; at < to; at++) if (load<u8>(at) == LF) count++
  return count
}

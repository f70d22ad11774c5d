/** Finds the groups that may be among the top of a table, without a look at the others by JavaScript. */
import {
  GROUP_HASH,
  GROUP_KEY_LENGTH,
  PICK_BOUND,
  PICK_BUCKET,
  PICK_BUCKETS,
  PICK_COUNT,
  PICK_FOUND,
  PICK_IS_SUM,
  PICK_LAST,
  PICK_LIST,
  PICK_ROOM,
  PICK_SHOWN,
  PICK_SIDE,
  PICK_STATE,
  SIDE_ANY,
  SIDE_ABOVE,
} from '../layout.ts'
import { headOf } from './table.ts'

/**
 * Goes over the groups in [from, to). Of those that are in the bucket that is asked for, it counts all, keeps the
 * addresses of the last ones, and lists the addresses of those whose number is not beyond the bound. See PICK_BOUND …
 * in layout.ts. Returns where it stopped: `to`, or before it, where the list is full.
 */
export function pickGroups(table: usize, from: usize, to: usize, pick: usize): usize {
  const head = headOf(table)
  const by = load<u32>(pick, PICK_BUCKETS)
  const bucket = load<u32>(pick, PICK_BUCKET)
  const shift = by & 255
  const bits = (by >> 8) & 255
  const buckets = by >> 16
  const mask: u32 = (1 << bits) - 1
  const state: usize = load<u32>(pick, PICK_STATE)
  const isSum = load<u32>(pick, PICK_IS_SUM) != 0
  const side = load<u32>(pick, PICK_SIDE)
  const bound = load<f64>(pick, PICK_BOUND)
  const list: usize = load<u32>(pick, PICK_LIST)
  const room = load<u32>(pick, PICK_ROOM)
  const last: usize = load<u32>(pick, PICK_LAST)
  let count = load<u32>(pick, PICK_COUNT)
  let found: u32 = 0
  let group = from
  for (; group < to && found < room; group += (head + load<u32>(group, GROUP_KEY_LENGTH) + 7) & ~7) {
    if (buckets > 0 && (((load<u32>(group, GROUP_HASH) >> shift) & mask) * buckets) >> bits != bucket) continue
    store<u32>(last + <usize>((count % PICK_SHOWN) << 2), <u32>group)
    count++
    if (side != SIDE_ANY) {
      const value = isSum ? <f64>load<i64>(group + state) : load<f64>(group + state)
      if (side == SIDE_ABOVE ? value < bound : value > bound) continue
    }
    store<u32>(list + <usize>(found << 2), <u32>group)
    found++
  }
  store<u32>(pick, count, PICK_COUNT)
  store<u32>(pick, found, PICK_FOUND)
  return group
}

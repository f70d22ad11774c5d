/** Groups divided among buckets by their hash, to be written down. */
import { GROUP_HASH, GROUP_KEY_LENGTH } from '../layout.ts'
import { headOf } from './table.ts'

/**
 * Copies the groups in [from, to) behind what is in their buckets. Which one is told by bits of their hash: `how` holds
 * the number of the lowest of them, how many bits they are, from bit 8 on, and from bit 16 on the buckets that these
 * are divided among. `rooms` has for each bucket a pair of u32: where the next group goes, and where the room ends.
 * Returns the address of the first group that its bucket has no room for; `to` where all were copied.
 */
export function scatterGroups(table: usize, from: usize, to: usize, rooms: usize, how: u32): usize {
  const head = headOf(table)
  const shift = how & 255
  const bits = (how >> 8) & 255
  const buckets = how >> 16
  const mask: u32 = (1 << bits) - 1
  let group = from
  while (group < to) {
    const bytes = (head + load<u32>(group, GROUP_KEY_LENGTH) + 7) & ~7
    const bucket = (((load<u32>(group, GROUP_HASH) >> shift) & mask) * buckets) >> bits
    const room = rooms + (<usize>bucket << 3)
    const at = <usize>load<u32>(room)
    if (at + bytes > <usize>load<u32>(room, 4)) break
    memory.copy(at, group, bytes)
    store<u32>(room, <u32>(at + bytes))
    group += bytes
  }
  return group
}

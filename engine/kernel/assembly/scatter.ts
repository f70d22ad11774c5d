/** Groups divided among buckets by their hash, to be written down. */
import { GROUP_HASH, GROUP_KEY_LENGTH } from '../layout.ts'
import { headOf } from './table.ts'

/**
 * Copies the groups in [from, to) behind what is in their buckets, by the bits of their hash from `shift` on, as many as
 * `mask` has. `buckets` are pairs of u32: where the next group goes, and where the room ends. Returns the address of the first group that its bucket has
 * no room for; `to` where all were copied.
 */
export function scatterGroups(table: usize, from: usize, to: usize, buckets: usize, shift: u32, mask: u32): usize {
  const head = headOf(table)
  let group = from
  while (group < to) {
    const bytes = (head + load<u32>(group, GROUP_KEY_LENGTH) + 7) & ~7
    const bucket = buckets + (<usize>((load<u32>(group, GROUP_HASH) >> shift) & mask) << 3)
    const at = <usize>load<u32>(bucket)
    if (at + bytes > <usize>load<u32>(bucket, 4)) break
    memory.copy(at, group, bytes)
    store<u32>(bucket, <u32>(at + bytes))
    group += bytes
  }
  return group
}

/** The kernel's memory: handed out from the bottom up, never taken back. */

let top: usize = (__heap_base + 63) & ~63

/**
 * Zeroed bytes at a multiple of 64. Traps where the memory cannot grow: the driver counts before it asks.
 * What was handed out stays where it is, but views of the memory in JavaScript must be made anew.
 */
export function allocate(bytes: usize): usize {
  const at = top
  const end = at + bytes
  const have = (<usize>memory.size()) << 16
  if (end > have) {
    const pages = <i32>((end - have + 0xffff) >> 16)
    if (memory.grow(pages) < 0) unreachable()
  }
  top = (end + 63) & ~63
  return at
}

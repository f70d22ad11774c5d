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
    // By half at least: each growth makes JavaScript collect its garbage. What is not used costs nothing.
    const more = max(pages, min(memory.size() >> 1, 0xffff - memory.size()))
    if (memory.grow(more) < 0 && memory.grow(pages) < 0) unreachable()
  }
  top = (end + 63) & ~63
  return at
}

const PAGE: usize = 4096

/**
 * The same, for what is read here and there before it is written. A page that is read first is the one page of zeros that all have; the
 * first write then has to replace it, and to stop all cores on which the process runs for that. So each is written to before.
 */
export function allocateTouched(bytes: usize): usize {
  const at = allocate(bytes)
  const end = at + bytes
  for (let page = at; page < end; page += PAGE) store<u8>(page, 0)
  store<u8>(end - 1, 0)
  return at
}

/** Copies bytes, which may overlap: JavaScript does that slowly where memory is of the shared kind. */
export function move(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}

/** Where what was handed out ends. */
export function taken(): usize {
  return top
}

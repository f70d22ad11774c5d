/** A part of what a node may hold, for one of the several things it does with it. */
import type { Memory } from '../spec/node.ts'

/** @param fraction of the bytes, between 0 and 1 */
export function partOfMemory(memory: Memory, fraction: number): Memory {
  return {
    bytes: memory.bytes * fraction,
    limitMb: memory.limitMb,
    get onDisk() {
      return memory.onDisk
    },
    newFile: () => memory.newFile(),
  }
}

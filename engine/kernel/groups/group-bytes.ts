/** What can be told of a group in a kernel's memory without reading its values. */
import type { KernelMemory } from '../kernel-memory.ts'
import { GROUP_HASH, GROUP_KEY_LENGTH, GROUP_STATES, STATE_BYTES } from '../layout.ts'

/** What a group takes, its key included. @param aggregates how many states it has */
export function groupBytes(memory: KernelMemory, group: number, aggregates: number): number {
  return (GROUP_STATES + STATE_BYTES * aggregates + memory.get(group + GROUP_KEY_LENGTH) + 7) & ~7
}

/** Which bucket a group belongs to: `bits` bits of its hash, the lowest of which is number `shift`, divided among so many. */
export interface ByHash {
  shift: number
  bits: number
  buckets: number
}

/** As kernels are told of it. */
export function packedHash({ shift, bits, buckets }: ByHash): number {
  return shift | (bits << 8) | (buckets << 16)
}

/** The bucket that `scatterGroups` puts a group into. */
export function bucketOf(memory: KernelMemory, group: number, { shift, bits, buckets }: ByHash): number {
  return (((memory.get(group + GROUP_HASH) >>> shift) & ((1 << bits) - 1)) * buckets) >>> bits
}

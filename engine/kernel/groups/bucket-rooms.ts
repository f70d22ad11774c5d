/** Room in a kernel's memory where groups wait, by the bucket that they belong to, until there are enough of them to leave. */
import { bucketOf, groupBytes, packedHash, type ByHash } from './group-bytes.ts'
import type { KernelMemory } from '../kernel-memory.ts'

/** The groups of a table, or of one like it, that lie one behind the other. */
export interface GroupRange {
  from: number
  to: number
}

/** Told of whole groups of a bucket; the bytes are the caller's until it returns. */
export type TakeBucket = (bucket: number, bytes: Uint8Array) => void

export interface RoomsSetup {
  memory: KernelMemory
  /** At most. */
  buckets: number
  /** For each bucket. */
  roomBytes: number
}

export class BucketRooms {
  readonly #setup: RoomsSetup
  readonly #rooms: number
  readonly #bytes: number

  constructor(setup: RoomsSetup) {
    const { memory, buckets, roomBytes } = setup
    this.#setup = setup
    this.#rooms = memory.allocate(buckets * 8)
    this.#bytes = memory.allocate(buckets * roomBytes)
  }

  /**
   * Divides groups among buckets; all have left when it returns, those of a bucket in their order.
   * @param table the groups' own, or one of the same aggregates
   */
  scatter(
    table: { address: number; aggregates: number },
    { from, to }: GroupRange,
    by: ByHash,
    take: TakeBucket,
  ): void {
    const { memory } = this.#setup
    const how = packedHash(by)
    for (let bucket = 0; bucket < by.buckets; bucket++) this.#empty(bucket)
    for (let at = from; at < to;) {
      const next = memory.kernel.exports.scatterGroups(table.address, at, to, this.#rooms, how) >>> 0
      if (next > at) {
        this.#leave(by.buckets, take)
        at = next
      } else {
        // Larger than the room of its bucket.
        const end = at + groupBytes(memory, at, table.aggregates)
        take(bucketOf(memory, at, by), memory.bytes.subarray(at, end))
        at = end
      }
    }
  }

  #leave(buckets: number, take: TakeBucket): void {
    const { memory, roomBytes } = this.#setup
    for (let bucket = 0; bucket < buckets; bucket++) {
      const from = this.#bytes + bucket * roomBytes
      const to = memory.get(this.#rooms + bucket * 8)
      if (from === to) continue
      take(bucket, memory.bytes.subarray(from, to))
      this.#empty(bucket)
    }
  }

  #empty(bucket: number): void {
    const { memory, roomBytes } = this.#setup
    const from = this.#bytes + bucket * roomBytes
    memory.put(this.#rooms + bucket * 8, from)
    memory.put(this.#rooms + bucket * 8 + 4, from + roomBytes)
  }
}

/** A tap: the last records that went over an edge, by reference. Costs one array push per batch. */
import type { Batch } from '../spec/node.ts'

/** Records kept at least; whole batches are kept, so it may be up to one batch more. */
export const TAP_RECORDS = 1000

export class Tap {
  #batches: Batch[] = []
  #records = 0

  push(batch: Batch): void {
    this.#batches.push(batch)
    this.#records += batch.length
    while (this.#batches.length > 1 && this.#records - this.#batches[0]!.length >= TAP_RECORDS) {
      this.#records -= this.#batches.shift()!.length
    }
  }

  /** The last records, oldest first. */
  last(limit: number): Batch {
    const all = this.#batches.flat()
    return all.slice(Math.max(0, all.length - limit))
  }
}

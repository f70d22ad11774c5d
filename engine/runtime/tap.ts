/** A tap: the last records that went over an edge, by reference. Costs one array push per batch. */
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { Batch } from '../spec/node.ts'

/** Records kept at least; whole batches are kept, so it may be up to one batch more. */
const TAP_RECORDS = 1000

/** Full batches that follow one another so fast are not all kept, */
const GLIMPSE_MS = 100
/** nor all of their records: as many as somebody is shown at once. */
export const GLIMPSE_RECORDS = 256
/** but the first ones are: a short run shows exactly its last records. */
const FIRST_BATCHES = 8

export class Tap {
  #batches: Batch[] = []
  #records = 0
  #glimpses = 0
  #nextGlimpse = 0

  /**
   * Takes a batch that nothing else keeps. To keep each of them, until the next one comes, would let one survive every
   * collection of the young generation, which then grows, and with it the memory that the run goes through. The last batch of
   * a run is hardly ever a full one.
   * @param now ms
   */
  glimpse(batch: Batch, now: number): void {
    if (batch.length < BATCH_RECORDS || this.#glimpses < FIRST_BATCHES) {
      this.#glimpses++
      this.push(batch)
    } else if (now >= this.#nextGlimpse) {
      this.#nextGlimpse = now + GLIMPSE_MS
      this.push(batch.slice(-GLIMPSE_RECORDS))
    }
  }

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

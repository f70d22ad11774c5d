/**
 * How long the batches of a source are. What a batch costs besides its records (a send, the meters of every node and
 * edge, a look at the clock) is little, and yet a tenth of the time where a thousand records pass in 5 µs. So where
 * batches pass that fast, the next ones are longer, as long as they still take much less than a frame.
 */
import { BATCH_RECORDS } from '../spec/batches.ts'

/** Records in the batches of a source that is fast. */
const MOST_RECORDS = 8 * BATCH_RECORDS
/** Batches that pass within so many ms may become longer, */
const FAST_MS = 0.1
/** and those that need so many are as long as any other: counts are to move on in small steps. */
const SLOW_MS = 1

export class BatchPace {
  /** Records that the next batch had best have. */
  records = BATCH_RECORDS
  #since = NaN

  /** A batch is handed on. @param now ms; the time since the one before is what that took, the making included */
  sends(now: number): void {
    const took = now - this.#since
    this.#since = now
    if (took < FAST_MS) this.records = Math.min(this.records * 2, MOST_RECORDS)
    else if (took > SLOW_MS) this.records = BATCH_RECORDS
  }

  /** The source has waited: the time until it sends again says nothing. */
  rests(): void {
    this.#since = NaN
  }

  /** There was no room: many records in one batch would be more than a queue is to hold. */
  waits(): void {
    this.records = BATCH_RECORDS
    this.rests()
  }
}

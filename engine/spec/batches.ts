/** Limits of a batch, and the writer that sources use to make batches of the right size. */
import type { Batch, Clock, DataRecord, Output } from './node.ts'

/** Records in a batch at most. */
export const BATCH_RECORDS = 1024
/** Bytes in a batch at most (a larger single record travels alone). */
export const BATCH_BYTES = 256 * 1024
/** A slow source flushes after this many ms, so that live flows stay live. */
export const FLUSH_MS = 5

/** Collects records into batches. `add` returns a promise only when a full batch found no room. */
export class BatchWriter {
  readonly #output: Output
  readonly #clock: Clock
  #records: DataRecord[] = []
  #bytes = 0
  #since = 0

  constructor(output: Output, clock: Clock) {
    this.#output = output
    this.#clock = clock
  }

  /** `bytes` is the record's size where the caller knows it, for the bytes bound. */
  add(record: DataRecord, bytes = 0): void | Promise<void> {
    if (this.#records.length === 0) this.#since = this.#clock.now()
    this.#records.push(record)
    this.#bytes += bytes
    if (this.#records.length >= BATCH_RECORDS || this.#bytes >= BATCH_BYTES) return this.flush()
  }

  /** Sends what is there if it has waited for FLUSH_MS; call it when the source has nothing more at hand. */
  flushIfDue(): void | Promise<void> {
    if (this.#records.length > 0 && this.#clock.now() - this.#since >= FLUSH_MS) return this.flush()
  }

  flush(): void | Promise<void> {
    if (this.#records.length === 0) return
    const batch: Batch = this.#records
    this.#records = []
    this.#bytes = 0
    return this.#output.send(batch)
  }
}

/** Cuts records into batches; the last one may be empty. */
export function* batched(records: Iterable<DataRecord>): Generator<Batch, undefined> {
  let batch: DataRecord[] = []
  for (const record of records) {
    batch.push(record)
    if (batch.length < BATCH_RECORDS) continue
    yield batch
    batch = []
  }
  yield batch
  return undefined
}

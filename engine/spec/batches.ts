/** Limits of a batch, and the writer that sources use to make batches of the right size. */
import type { Batch, DataRecord, Output } from './node.ts'

/** Records in a batch at most. */
export const BATCH_RECORDS = 1024
/** Bytes in a batch at most (a larger single record travels alone). */
export const BATCH_BYTES = 256 * 1024

/**
 * Collects records into batches. `add` returns a promise only when a full batch found no room. Whoever has nothing more
 * at hand calls `flush`, so that live flows stay live.
 */
export class BatchWriter {
  readonly #output: Output
  #records: DataRecord[] = []
  #bytes = 0

  constructor(output: Output) {
    this.#output = output
  }

  /** `bytes` is the record's size where the caller knows it, for the bytes bound. */
  add(record: DataRecord, bytes = 0): void | Promise<void> {
    this.#records.push(record)
    this.#bytes += bytes
    if (this.#records.length >= BATCH_RECORDS || this.#bytes >= BATCH_BYTES) return this.flush()
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

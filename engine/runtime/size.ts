/** An estimate of the bytes that records take in memory: exact enough to bound a queue, cheap enough for every batch. */
import type { Batch } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'

/** Records that are looked at in one batch; the rest are taken to be alike. */
const SAMPLES = 8
/** Where bytes bound nothing, one batch of so many is looked at. */
const GLANCE_EVERY = 16

/** Bytes of a batch. Texts are added up exactly; other records by sample, evenly spread. */
export function batchBytes(batch: Batch): number {
  if (typeof batch[0] !== 'string') return sampledBytes(batch)
  const length = batch.length
  let bytes = 0
  for (let i = 0; i < length; i++) {
    const record = batch[i]
    bytes += recordBytes(record)
  }
  return bytes
}

/** Bytes of the batches of one output without a queue behind it, where they are shown and bound nothing. */
export class GlanceSize {
  #perRecord = 0
  #batches = 0

  of(batch: Batch): number {
    if (this.#batches++ % GLANCE_EVERY === 0) this.#perRecord = sampledBytes(batch) / batch.length
    return this.estimate(batch.length)
  }

  /** Bytes of so many records like those that were looked at. */
  estimate(records: number): number {
    return Math.round(this.#perRecord * records)
  }
}

function sampledBytes(batch: Batch): number {
  const length = batch.length
  if (length <= SAMPLES) {
    let bytes = 0
    for (let i = 0; i < length; i++) bytes += recordBytes(batch[i], 0)
    return bytes
  }
  let sampled = 0
  for (let i = 0; i < SAMPLES; i++)
    sampled += recordBytes(batch[Math.floor((i * (length - 1)) / (SAMPLES - 1))], 0)
  return Math.ceil((sampled * length) / SAMPLES)
}

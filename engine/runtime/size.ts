/** An estimate of the bytes that records take in memory: exact enough to bound a queue, cheap enough for every batch. */
import type { Batch, DataRecord } from '../spec/node.ts'

/** Records that are looked at in one batch; the rest are taken to be alike. */
const SAMPLES = 8
/** Where bytes bound nothing, one batch of so many is looked at. */
const GLANCE_EVERY = 16
const HEADER = 16

/** Bytes of a batch. Texts are added up exactly; other records by sample, evenly spread. */
export function batchBytes(batch: Batch): number {
  if (typeof batch[0] !== 'string') return sampledBytes(batch)
  const length = batch.length
  let bytes = 0
  for (let i = 0; i < length; i++) {
    const record = batch[i]
    bytes += typeof record === 'string' ? HEADER + record.length : recordBytes(record, 0)
  }
  return bytes
}

/** Bytes of the batches of one output without a queue behind it, where they are shown and bound nothing. */
export class GlanceSize {
  #perRecord = 0
  #batches = 0

  of(batch: Batch): number {
    if (this.#batches++ % GLANCE_EVERY === 0) this.#perRecord = sampledBytes(batch) / batch.length
    return Math.round(this.#perRecord * batch.length)
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

/** Deep values count by their first levels: an estimate that itself must not cost. */
function recordBytes(record: DataRecord, depth: number): number {
  if (typeof record === 'string') return HEADER + record.length
  if (typeof record !== 'object' || record === null) return 8
  if (depth > 3) return 64
  if (Array.isArray(record)) {
    const seen = Math.min(record.length, 16)
    let bytes = 0
    for (let i = 0; i < seen; i++) bytes += recordBytes(record[i], depth + 1)
    return HEADER + (seen === 0 ? 0 : (bytes * record.length) / seen)
  }
  if (ArrayBuffer.isView(record)) return HEADER + record.byteLength
  let bytes = HEADER
  for (const key in record) bytes += 8 + recordBytes((record as Record<string, unknown>)[key], depth + 1)
  return bytes
}

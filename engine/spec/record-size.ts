/** An estimate of the bytes that a record takes in memory: what queues and nodes that hold records are bounded by. */
import type { DataRecord } from './node.ts'

const HEADER = 16

/** Deep values count by their first levels: an estimate that itself must not cost. */
export function recordBytes(record: DataRecord, depth = 0): number {
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

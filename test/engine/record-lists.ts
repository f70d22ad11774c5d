/** Lists of records by port, as tests of nodes hand them in and compare them. */
import type { Batch, DataRecord } from '../../engine/spec/node.ts'

/** The same records over and over; of none, none. */
export function* endless(records: DataRecord[]): Generator<Batch> {
  if (records.length > 0) for (;;) yield records
}

/** The value itself, which nobody can change any more. */
export function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) deepFrozen(part)
  return Object.freeze(value)
}

/** The ports that gave something. */
export function withoutEmpty(lists: Record<string, DataRecord[]>): Record<string, DataRecord[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}

export function mapValues<In, Out>(
  object: Record<string, In>,
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}

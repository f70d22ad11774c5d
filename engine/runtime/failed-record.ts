/** A record that failed, on its way to another thread: people are to see it, whatever it holds. */
import { previewRecord } from '../spec/preview.ts'
import type { DataRecord } from '../spec/node.ts'

/** As it arrives: a clone, or, where the record holds what cannot leave its thread (a function, say), its preview. */
export function sentFailure<Failure extends { record: DataRecord }>(failure: Failure): Failure {
  try {
    return structuredClone(failure)
  } catch {
    return { ...failure, record: previewRecord(failure.record).value }
  }
}

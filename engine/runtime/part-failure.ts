/** How the failure of a part travels to the run: as data, since the classes of errors do not survive. */
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'
import { previewRecord } from '../spec/preview.ts'
import { NodeFailure, RecordFailure } from './failure.ts'
import type { PartFailure } from './part-protocol.ts'

export function packFailure(error: unknown): PartFailure {
  if (error instanceof RecordFailure) {
    // A preview is all that people are shown of it, and it can be sent whatever the record holds.
    return { kind: 'record', record: { ...error.failure, record: previewRecord(error.failure.record).value } }
  }
  if (error instanceof NodeFailure) {
    const { node, message, cause } = error
    if (!(cause instanceof NodeError)) return { kind: 'node', node, message }
    const { remedy, field } = cause
    return { kind: 'node', node, message, remedy, ...(field !== undefined && { field }) }
  }
  return { kind: 'internal', message: reasonOf(error) }
}

/** @param before records that reached the node in the shares before: numbers count from the first one of all */
export function unpackFailure(failure: PartFailure, before: (node: string) => number): Error {
  switch (failure.kind) {
    case 'record': {
      const { record } = failure
      return new RecordFailure({ ...record, number: record.number + before(record.node) })
    }
    case 'node': {
      const { node, message, remedy, field } = failure
      const known =
        remedy === undefined
          ? new Error(message)
          : new NodeError(message, { remedy, ...(field !== undefined && { field }) })
      return new NodeFailure(node, known)
    }
    case 'internal':
      return new Error(failure.message)
  }
}

/** How a run goes wrong, and the two ways in which a node is told to end early without anything being wrong. */
import type { RunError } from '../host/protocol.ts'
import { NodeError } from '../spec/node-error.ts'
import { reasonOf } from '../spec/expression.ts'
import type { ErrorRecord } from '../spec/node.ts'
import { previewRecord } from '../spec/preview.ts'

/** A record failed where no wire was at the `error` port. Ends the run. */
export class RecordFailure extends Error {
  override readonly name = 'RecordFailure'
  readonly failure: ErrorRecord
  constructor(failure: ErrorRecord) {
    super(failure.reason)
    this.failure = failure
  }
}

/** A node failed as a whole. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure'
  readonly node: string
  constructor(node: string, cause: unknown) {
    super(reasonOf(cause), { cause })
    this.node = node
  }
}

/** Thrown into a node's waits when the run is stopped, and out of `send` when nobody downstream wants more. */
export class EndEarly extends Error {
  override readonly name = 'AbortError'
}

/** Thrown into the reads of a node when another one failed. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed'
  constructor() {
    super('another node of the flow failed')
  }
}

/** What people are told: where, what, and what to do. */
export function runErrorOf(error: unknown): RunError {
  if (error instanceof RecordFailure) {
    const { reason, node, number, line, field, record } = error.failure
    return {
      code: 'record',
      message: reason,
      remedy: `Correct it, or wire the error port of "${node}" to collect such records and go on.`,
      // What was read from a file is found there by its line; its number among the records would only confuse.
      at: { node, field, ...(line === undefined ? { recordNumber: number } : { line }) },
      record: previewRecord(record).value,
    }
  }
  if (error instanceof NodeFailure) {
    const cause = error.cause
    const known = cause instanceof NodeError ? cause : undefined
    return {
      code: 'node',
      message: error.message,
      remedy: known?.remedy ?? 'Look at the settings of this node.',
      at: { node: error.node, field: known?.field },
    }
  }
  return {
    code: 'internal',
    message: `The engine made a mistake: ${reasonOf(error)}`,
    remedy: 'Please report it with the flow that shows it.',
    at: {},
  }
}

/** What DuckDB runs short of, and whatever else goes wrong in it, as errors for people. */
import { tmpdir } from 'node:os'
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'
import { duckDbCall } from './duckdb.ts'

const DISK = /no space left|failed to offload|max_temp_directory_size/i

/** It had less memory than it needs; not where the disk was full. */
export function isOutOfMemory(error: unknown): boolean {
  const message = reasonOf(error)
  return /out of memory/i.test(message) && !DISK.test(message)
}

/** Undefined where it ran short of neither disk nor memory. */
export function duckDbShortage(error: unknown): NodeError | undefined {
  const message = reasonOf(error)
  if (DISK.test(message)) {
    return new NodeError(`The disk for temporary files (${tmpdir()}) is full.`, {
      remedy: 'Free space in the temporary folder, point TMPDIR to a larger disk, or filter before it.',
      cause: error,
    })
  }
  if (isOutOfMemory(error)) {
    return new NodeError('The work does not fit into the memory of the run.', {
      remedy:
        'Raise the memory limit of the flow (run.memoryMb, or --memory), use fewer workers, or filter before it.',
      cause: error,
    })
  }
  return undefined
}

/** Does the work as `duckDbCall`; what DuckDB throws becomes an error for people. @throws NodeError */
export async function explained<Value>(work: () => Promise<Value>, interrupt: () => void): Promise<Value> {
  try {
    return await duckDbCall(work, interrupt)
  } catch (error) {
    if (error instanceof NodeError) throw error
    throw (
      duckDbShortage(error) ??
      new NodeError(`DuckDB failed: ${reasonOf(error).split('\n')[0]!.slice(0, 300)}`, {
        remedy: 'Write another format, and please report the flow that shows it.',
        cause: error,
      })
    )
  }
}

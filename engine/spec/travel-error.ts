/** What is said where values of a fold cannot go from thread to thread. */
import { NodeError } from './node-error.ts'

/** @param error what V8 said of the value */
export function cannotTravel(error: Error): NodeError {
  return new NodeError(`What it holds cannot be sent from thread to thread: ${error.message}.`, {
    remedy: 'Keep functions and the like out of the fields it reads, or run the flow with one worker.',
    cause: error,
  })
}

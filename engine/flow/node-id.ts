/** Which ids a node may have. */
import { NODE_ID } from './model.ts'
import { problem } from './problem-text.ts'
import type { Place, Problem } from './problem.ts'

/** True for ids of the right form that are no property of every object, as "constructor" is. */
export function isNodeId(id: string): boolean {
  return NODE_ID.test(id) && !(id in Object.prototype)
}

/** The problem of an id that `isNodeId` refuses. */
export function badNodeId(id: string, at: Place = {}): Problem {
  return problem('bad-node-id', { node: id, ...at }, { id, reserved: NODE_ID.test(id) })
}

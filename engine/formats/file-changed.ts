/** Whether a file is still what it was when it was opened or cut, and what to say where it is not. */
import type { Stats } from 'node:fs'
import { NodeError } from '../spec/node-error.ts'

type Written = Pick<Stats, 'size' | 'mtimeMs'>

/** A file as it was. */
interface Cut extends Written {
  path: string
  ino: number
}

/** @throws NodeError where the file is not what it was when it was cut, other than longer */
export function checkUnchanged(part: Cut, stat: Written & Pick<Stats, 'ino'>): void {
  if (stat.ino !== part.ino || isRewritten(part, stat)) throw changedError(part)
}

/** Whether a file was cut off, or written to without becoming longer. */
export function isRewritten(before: Written, after: Written): boolean {
  return after.size < before.size || (after.size === before.size && after.mtimeMs !== before.mtimeMs)
}

/** What to throw where a file is not what it was when it was cut. */
export function changedError({ path }: { path: string }): NodeError {
  return new NodeError(`${path} changed while it was being read.`, {
    remedy: 'Run the flow again when nothing writes to the file any more, or read a copy of it.',
    field: 'path',
  })
}

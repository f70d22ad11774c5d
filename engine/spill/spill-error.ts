/** What went wrong with the temporary files of a run, in words, with what to do about it. */
import { NodeError } from '../spec/node-error.ts'
import type { Memory } from '../spec/node.ts'

/** Why a file system refuses to write, by the code of its error. */
const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may only be read',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
}
const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** @param folder where the file is, or was to be */
export function spillError(error: unknown, folder: string): NodeError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const remedy = FULL.has(code)
    ? 'Make room there, point TMPDIR to a larger disk, or give the run more memory.'
    : 'Point TMPDIR to a folder that can be written, or give the run more memory.'
  return new NodeError(
    `The records do not fit into the memory of the run, and “${folder}” cannot take them: ${REASONS[code] ?? message}.`,
    { remedy, cause: error },
  )
}

const MB = 1024 * 1024
const inMb = (bytes: number) =>
  `${Math.max(0.1, bytes / MB)
    .toFixed(1)
    .replace(/\.0$/, '')} MB`

/** One value is more than its node may hold. */
export function tooLarge(bytes: number, { bytes: share, limitMb }: Memory, what = 'One record'): NodeError {
  return new NodeError(
    `${what} takes about ${inMb(bytes)}, and of the run's ${limitMb} MB this node may hold ${inMb(share)}.`,
    {
      remedy:
        'Give the run more memory (“run.memoryMb” of the flow, or --memory), or make less of the records before.',
    },
  )
}

/** The limit, divided among many, leaves too little to work with. */
export function tooLittle({ bytes: share, limitMb }: Memory, shares: number): NodeError {
  return new NodeError(
    `The run's ${limitMb} MB of memory leave ${inMb(share)} for each of ${shares} parts that hold records, which is too little to work with.`,
    { remedy: 'Give the run more memory (“run.memoryMb” of the flow, or --memory), or fewer workers.' },
  )
}

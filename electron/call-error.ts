/** Failures of a call from the page, in the form that crosses to it, and file system errors put into words. */
import type { WireError } from '../engine/host/protocol.ts'

/** An expected failure: what happened and what to do. Thrown in main, an `Answer` to the page. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: WireError['code']
  readonly remedy: string
  constructor(code: WireError['code'], message: string, remedy: string) {
    super(message)
    this.code = code
    this.remedy = remedy
  }
}

/** Any thrown value as data for the page. Unexpected ones keep their text, so that a bug report has it. */
export function wireError(error: unknown): WireError {
  if (error instanceof CallError) return { code: error.code, message: error.message, remedy: error.remedy }
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) }
}

/** True where the error is the file system's, with one of these codes. */
export function isFileError(error: unknown, ...codes: string[]): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return typeof code === 'string' && codes.includes(code)
}

/** Says why a file could not be read or written. */
export function fileError(error: unknown, doing: 'open' | 'save', path: string): CallError {
  if (error instanceof CallError) return error
  const cannot = `Cannot ${doing} ${path}: `
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const known = FILE_PROBLEMS[code]
  if (known)
    return new CallError(code === 'ENOENT' ? 'not-found' : 'failed', `${cannot}${known[0]}.`, known[1])
  const reason = error instanceof Error ? error.message : String(error)
  return new CallError('failed', `${cannot}${reason}.`, 'Try another folder, or look at the disk.')
}

const FILE_PROBLEMS: Record<string, [reason: string, remedy: string]> = {
  ENOENT: ['it is not there', 'It may have been moved or renamed: choose it again.'],
  ENOTDIR: ['a part of its path is no folder', 'Choose it again.'],
  EISDIR: ['it is a folder', 'Choose a file in it.'],
  EACCES: ['permission is denied', 'Change its permissions, or use another folder.'],
  EPERM: ['the system does not allow it', 'Change its permissions, or use another folder.'],
  EROFS: ['the disk is read-only', 'Use another folder.'],
  ENOSPC: ['the disk is full', 'Free some space, or use another disk.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or use another disk.'],
  EBUSY: ['another program is using it', 'Close that program and try again.'],
  ENAMETOOLONG: ['its name is too long', 'Choose a shorter name.'],
}

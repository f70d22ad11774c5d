/** Trouble with files, in the form in which it crosses the wire. */
import type { WireError } from './protocol.ts'

/** Has the fields of `WireError`, so that a session can pass it on as it is. */
export class AccessError extends Error implements WireError {
  override readonly name = 'AccessError'
  readonly code: WireError['code']
  readonly remedy: string

  constructor(code: WireError['code'], message: string, remedy: string) {
    super(message)
    this.code = code
    this.remedy = remedy
  }
}

const SYSTEM: Record<string, (path: string) => AccessError> = {
  ENOENT: (path) =>
    new AccessError('not-found', `${path} does not exist.`, 'Check the path, or choose another file.'),
  ENOTDIR: (path) => new AccessError('not-found', `${path} is not a folder.`, 'Choose a folder.'),
  EISDIR: (path) => new AccessError('bad-request', `${path} is a folder.`, 'Choose a file.'),
  EACCES: (path) =>
    new AccessError(
      'refused',
      `${path} may not be opened.`,
      'Change its permissions, or choose another place.',
    ),
  EPERM: (path) =>
    new AccessError(
      'refused',
      `${path} may not be changed.`,
      'Change its permissions, or choose another place.',
    ),
  EROFS: (path) => new AccessError('refused', `${path} is on a read-only disk.`, 'Choose another place.'),
  ELOOP: (path) =>
    new AccessError('refused', `${path} is a link that leads in a circle.`, 'Choose another file.'),
  ENAMETOOLONG: (path) =>
    new AccessError('bad-request', `${path} is too long a name.`, 'Choose a shorter name.'),
  ENOSPC: (path) =>
    new AccessError('failed', `The disk is full; ${path} was not written.`, 'Make room and try again.'),
  EDQUOT: (path) =>
    new AccessError(
      'failed',
      `The disk quota is used up; ${path} was not written.`,
      'Make room and try again.',
    ),
}

/** Turns an error of the file system into words. One of ours passes unchanged. */
export function fromSystem(error: unknown, path: string): AccessError {
  if (error instanceof AccessError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const known = code === undefined ? undefined : SYSTEM[code]
  return known?.(path) ?? new AccessError('failed', `${path}: ${message}`, 'Check the disk and try again.')
}

/** Turns what the file system and zlib throw into errors that say what happened, where and what to do. */
import { dirname } from 'node:path'
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'

type Explain = (path: string) => { message: string; remedy: string }

const READING: Record<string, Explain> = {
  ENOENT: (path) => ({
    message: `There is no file ${path}.`,
    remedy: 'Check the path; a relative one counts from the folder of the flow file.',
  }),
  ENOTDIR: (path) => ({
    message: `There is no file ${path}: a part of this path is a file, not a folder.`,
    remedy: 'Check the path.',
  }),
  EISDIR: (path) => ({ message: `${path} is a folder, not a file.`, remedy: 'Choose a file inside it.' }),
  EACCES: (path) => ({
    message: `${path} must not be read by this user.`,
    remedy: 'Change its permissions, or choose another file.',
  }),
}

const WRITING: Record<string, Explain> = {
  ENOENT: (path) => ({
    message: `${path} cannot be written: the folder ${dirname(path)} does not exist.`,
    remedy: 'Create the folder, or choose another path.',
  }),
  ENOTDIR: (path) => ({
    message: `${path} cannot be written: ${dirname(path)} is not a folder.`,
    remedy: 'Choose another path.',
  }),
  EISDIR: (path) => ({ message: `${path} is a folder, not a file.`, remedy: 'Add a file name to the path.' }),
  EACCES: (path) => ({
    message: `${path} must not be written by this user.`,
    remedy: 'Change the permissions of its folder, or choose another path.',
  }),
  ENOSPC: (path) => ({
    message: `The disk is full; ${path} could not be written.`,
    remedy: 'Free some space, or write to another disk. What was there before is untouched.',
  }),
  EDQUOT: (path) => ({
    message: `The quota of this disk is used up; ${path} could not be written.`,
    remedy: 'Free some space, or write to another disk. What was there before is untouched.',
  }),
  EROFS: (path) => ({ message: `${path} is on a read-only disk.`, remedy: 'Choose a path on another disk.' }),
}

const BOTH: Record<string, Explain> = {
  ENAMETOOLONG: (path) => ({
    message: `The path ${path.slice(0, 80)}… is too long.`,
    remedy: 'Choose a shorter one.',
  }),
  ELOOP: (path) => ({ message: `${path} is a symbolic link in a circle.`, remedy: 'Repair the link.' }),
  EMFILE: (path) => ({
    message: `${path} cannot be opened: this process has too many open files.`,
    remedy: 'Read fewer files at once, or raise the limit (ulimit -n).',
  }),
}

/** The error for people behind an error of `node:fs` at `path`; errors that are already for people stay as they are. */
export function fileError(error: unknown, path: string, doing: 'read' | 'write'): Error {
  if (!(error instanceof Error) || !('code' in error)) {
    return error instanceof Error ? error : new Error(reasonOf(error))
  }
  const code = error.code === 'EPERM' ? 'EACCES' : String(error.code)
  const explain = (doing === 'read' ? READING : WRITING)[code] ?? BOTH[code]
  if (explain) {
    const { message, remedy } = explain(path)
    return new NodeError(message, { remedy, field: 'path', cause: error })
  }
  // Aborts and the like are no business of the disk.
  if (!/^E[A-Z0-9]+$/.test(code)) return error
  const verb = doing === 'read' ? 'read' : 'written'
  return new NodeError(`${path} could not be ${verb}: ${reasonOf(error)}.`, {
    remedy: 'Check the disk and the path.',
    field: 'path',
    cause: error,
  })
}

/**
 * Documents and folders of a `weir serve` session: everything under one root, nothing above it.
 * Paths are resolved through symbolic links before they are compared, so a link cannot lead out.
 */
import { constants } from 'node:fs'
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { MAX_FLOW_BYTES } from '../flow/model.ts'
import { AccessError, fromSystem } from './access-error.ts'
import { writeAtomic } from './atomic-write.ts'
import type { Replies } from './protocol.ts'

export { AccessError } from './access-error.ts'

export interface FileAccess {
  /** Absolute, without symbolic links. */
  readonly root: string
  listFolder(path: string): Promise<Replies['listFolder']>
  readDocument(path: string): Promise<Replies['readDocument']>
  /** Atomic. With `expectedMtimeMs` fails as `changed-on-disk` where somebody else has written since. */
  writeDocument(path: string, text: string, expectedMtimeMs?: number): Promise<Replies['writeDocument']>
}

/** A folder with more entries than this is shown in part; nobody scrolls further. */
const MAX_ENTRIES = 5000
const DOCUMENT = /[^/\\]\.weir\.json$/i

/** Access to what lies under `root`; `readable` folders (the examples) can be listed and read, not written. */
export async function createFileAccess(root: string, readable: readonly string[] = []): Promise<FileAccess> {
  const home = await realpath(root).catch((error: unknown) => {
    throw fromSystem(error, root)
  })
  if (!(await stat(home)).isDirectory()) {
    throw new AccessError(
      'bad-request',
      `${root} is not a folder.`,
      'Give --root the folder that holds your flows.',
    )
  }
  const others = await Promise.all(readable.map((folder) => realpath(folder).catch(() => undefined)))
  const roots = [home, ...others.filter((folder) => folder !== undefined)]

  /** The real path of something that exists, when it may be read. */
  async function readablePath(path: string): Promise<string> {
    const wanted = absolute(home, path)
    // Asked before the disk is, so that answers do not tell what exists elsewhere.
    if (!roots.some((folder) => isWithin(folder, wanted)) && !(await leadsInside(wanted, roots)))
      throw outside(path, home)
    const real = await realpath(wanted).catch((error: unknown) => {
      throw fromSystem(error, path)
    })
    if (!roots.some((folder) => isWithin(folder, real))) throw outside(path, home)
    return real
  }

  /** The real path that a document would be written to; the file itself need not exist yet. */
  async function writablePath(path: string): Promise<string> {
    const wanted = absolute(home, path)
    const folder = await realpath(dirname(wanted)).catch((error: unknown) => {
      throw isWithin(home, wanted) ? fromSystem(error, dirname(path)) : outside(path, home)
    })
    const place = join(folder, basename(wanted))
    const link = await lstat(place).catch(() => undefined)
    // A dangling link has no real path, and writing through it would create its target wherever that is.
    const real = link?.isSymbolicLink() ? await realpath(place).catch(() => undefined) : place
    if (real === undefined || !isWithin(home, real)) throw outside(path, home)
    requireDocument(real)
    return real
  }

  return {
    root: home,

    async listFolder(path) {
      const folder = await readablePath(path)
      const names = await readdir(folder).catch((error: unknown) => {
        throw fromSystem(error, path)
      })
      const shown = names.filter((name) => !name.startsWith('.')).slice(0, MAX_ENTRIES)
      const entries = await Promise.all(shown.map((name) => describeEntry(join(folder, name), roots)))
      return {
        path: folder,
        parent: roots.includes(folder) ? null : dirname(folder),
        entries: entries
          .filter((entry) => entry !== undefined)
          .sort(
            (a, b) =>
              Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name, 'en', { numeric: true }),
          ),
      }
    },

    async readDocument(path) {
      const real = await readablePath(path)
      requireDocument(real)
      try {
        // Opening a named pipe would wait for ever.
        if (!(await stat(real)).isFile()) throw notAFile(path)
        // No link is followed here: one that was put in its place after the check must not be read.
        const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
        try {
          const { mtimeMs, size } = await file.stat()
          if (size > MAX_FLOW_BYTES) throw tooLarge(path)
          return { path: real, text: await file.readFile('utf8'), mtimeMs }
        } finally {
          await file.close()
        }
      } catch (error) {
        throw fromSystem(error, path)
      }
    },

    async writeDocument(path, text, expectedMtimeMs) {
      const real = await writablePath(path)
      if (Buffer.byteLength(text) > MAX_FLOW_BYTES) throw tooLarge(path)
      try {
        const before = await stat(real).catch(() => undefined)
        if (before && expectedMtimeMs !== undefined && before.mtimeMs !== expectedMtimeMs) {
          throw new AccessError(
            'changed-on-disk',
            `${basename(real)} was changed by another program since it was opened here.`,
            'Save under another name, or reopen the file to see the other changes.',
          )
        }
        await writeAtomic(real, text)
        return { path: real, mtimeMs: (await stat(real)).mtimeMs }
      } catch (error) {
        throw fromSystem(error, path)
      }
    },
  }
}

function absolute(root: string, path: string): string {
  if (path.includes('\0'))
    throw new AccessError('bad-request', 'The path holds a NUL character.', 'Give a plain path.')
  return resolve(root, path)
}

/** True where `path` is `folder` or lies in it. Both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** A root reached by another name of the same folder (`/tmp` and `/private/tmp`) is no escape. */
async function leadsInside(path: string, roots: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  return real !== undefined && roots.some((folder) => isWithin(folder, real))
}

async function describeEntry(path: string, roots: readonly string[]) {
  try {
    const real = await realpath(path)
    if (!roots.some((folder) => isWithin(folder, real))) return undefined
    const stats = await stat(real)
    const folder = stats.isDirectory()
    if (!folder && !stats.isFile()) return undefined
    return { name: basename(path), path, folder, sizeBytes: folder ? 0 : stats.size, mtimeMs: stats.mtimeMs }
  } catch {
    // Gone, dangling or unreadable: it cannot be chosen, so it is not offered.
    return undefined
  }
}

function requireDocument(path: string): void {
  if (DOCUMENT.test(path)) return
  throw new AccessError(
    'refused',
    `${basename(path)} is not a flow.`,
    'Flows end in .weir.json; to use a data file, name it in a file node.',
  )
}

function outside(path: string, root: string): AccessError {
  return new AccessError(
    'refused',
    `${path} lies outside ${root}, the folder this server shows.`,
    'Start weir serve with --root set to a folder that holds it.',
  )
}

function notAFile(path: string): AccessError {
  return new AccessError('bad-request', `${path} is not a plain file.`, 'Choose a file.')
}

function tooLarge(path: string): AccessError {
  return new AccessError(
    'refused',
    `${basename(path)} is larger than ${MAX_FLOW_BYTES / 2 ** 20} MiB.`,
    'A flow is far smaller; is this the right file?',
  )
}

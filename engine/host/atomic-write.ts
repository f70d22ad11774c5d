/** Writes a file so that either the old or the new content is there, whatever happens in between. */
import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often a rename is tried while a virus scanner or indexer holds the file. */
export const RENAME_TRIES = 20

/** Permissions of a new file, and the two steps that tests replace. */
export interface WriteOptions {
  mode: number
  rename(from: string, to: string): Promise<void>
  wait(ms: number): Promise<unknown>
}

/** Writes beside the file, flushes to the disk, then renames over it. Links are followed, permissions kept. */
export async function writeAtomic(
  path: string,
  content: string | Uint8Array,
  options: Partial<WriteOptions> = {},
): Promise<void> {
  const steps = { mode: 0o666, rename, wait, ...options }
  const target = await realpath(path).catch(() => path)
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => steps.mode,
  )
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameWithRetries(temporary, target, steps)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(target))
}

async function renameWithRetries(from: string, to: string, steps: WriteOptions): Promise<void> {
  // On Windows a file that another program has open answers EPERM or EACCES; elsewhere those are final.
  const passing = process.platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY']
  for (let attempt = 1; ; attempt++) {
    try {
      return await steps.rename(from, to)
    } catch (error) {
      if (attempt >= RENAME_TRIES || !passing.includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
      await steps.wait(Math.min(500, 100 * attempt))
    }
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r').catch(() => undefined)
  if (!handle) return
  // Some network file systems refuse to flush a folder; the content itself is flushed already.
  await handle.sync().catch(() => undefined)
  await handle.close()
}

/** The last step of a write that is whole or not at all: the finished file takes its name, durably. */
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often a rename is tried while a virus scanner or indexer holds the file. */
export const RENAME_TRIES = 20

/** What tests replace. */
export interface PlacingSteps {
  rename(from: string, to: string): Promise<void>
  wait(ms: number): Promise<unknown>
}

/** Renames `from`, whose content is on the disk, to `to` in the same folder, over what is there. */
export async function putInPlace(from: string, to: string, steps: Partial<PlacingSteps> = {}): Promise<void> {
  await renameWithRetries(from, to, { rename, wait, ...steps })
  await syncFolder(dirname(to))
}

async function renameWithRetries(from: string, to: string, steps: PlacingSteps): Promise<void> {
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

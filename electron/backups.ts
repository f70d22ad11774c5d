/** Backups of unsaved flows: one file per page load, removed on save, offered again after a crash. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Recovered } from '../renderer/shell/shell.ts'
import { writeAtomic } from '../engine/host/atomic-write.ts'

/** Backups that are kept when nobody restores or discards them; the oldest go first. */
export const BACKUP_LIMIT = 50

const backupSchema = z.object({
  path: z.string().nullable(),
  name: z.string(),
  text: z.string(),
  savedAt: z.number(),
})
type Backup = z.infer<typeof backupSchema>

export class Backups {
  readonly #folder: string
  #current = randomUUID()
  /** Writes and removals in the order they were asked for, so that a late write cannot undo a removal. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A new page begins: what the one before left behind becomes recoverable. */
  startPage(): void {
    this.#current = randomUUID()
  }

  write(backup: Backup): Promise<void> {
    const file = this.#fileOf(this.#current)
    return this.#next(async () => {
      await mkdir(this.#folder, { recursive: true })
      await writeAtomic(file, JSON.stringify(backup))
    })
  }

  /** Removes the backup of the current page: its flow was saved or given up. */
  clear(): Promise<void> {
    return this.discard(this.#current)
  }

  discard(id: string): Promise<void> {
    const file = this.#fileOf(id)
    return this.#next(() => rm(file, { force: true }))
  }

  /** What earlier pages left behind, newest first. A backup that equals its file is no loss and is removed. */
  recover(): Promise<Recovered[]> {
    return this.#next(async () => {
      const found: Recovered[] = []
      for (const id of await this.#ids()) {
        if (id === this.#current) continue
        const backup = await readBackup(this.#fileOf(id))
        if (!backup) continue
        if (await isSaved(backup)) await rm(this.#fileOf(id), { force: true })
        else found.push({ id, ...backup })
      }
      found.sort((a, b) => b.savedAt - a.savedAt)
      for (const { id } of found.splice(BACKUP_LIMIT)) await rm(this.#fileOf(id), { force: true })
      return found
    })
  }

  #next<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => [])
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  }

  /** Ids come from the page: only our own kind may become a path. */
  #fileOf(id: string): string {
    return join(this.#folder, `${z.uuid().parse(id)}.json`)
  }
}

async function readBackup(file: string): Promise<Backup | undefined> {
  try {
    return backupSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    // Left where it is: somebody may still want to look at it.
    console.warn(`Ignoring the backup ${file}:`, error)
    return undefined
  }
}

async function isSaved(backup: Backup): Promise<boolean> {
  if (backup.path === null) return false
  const text = await readFile(backup.path, 'utf8').catch(() => undefined)
  return text === backup.text
}

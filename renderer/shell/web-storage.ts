/** What the browser shell remembers in localStorage: recent documents, and backups of flows that were not saved. */
import type { RecentDocument, Recovered } from './shell.ts'

const RECENT = 'weir.recent'
const BACKUP = 'weir.backup.'
const MAX_RECENT = 20
/** Backups kept at most; the oldest goes first. localStorage itself ends at about 5 MB. */
const MAX_BACKUPS = 10

type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface WebStorage {
  recent(): RecentDocument[]
  addRecent(path: string): void
  /** @throws where the browser has no room for it even without older backups */
  writeBackup(id: string, backup: { path: string | null; name: string; text: string }): void
  removeBackup(id: string): void
  /** Every backup but those of the given ids, the newest first. */
  backups(except: ReadonlySet<string>): Recovered[]
}

export function createWebStorage(storage: KeyValues, now: () => number = Date.now): WebStorage {
  function read<Value>(key: string): Value | undefined {
    try {
      return JSON.parse(storage.getItem(key) ?? 'null') ?? undefined
    } catch {
      // Somebody else's, or cut off: as good as not there.
      return undefined
    }
  }

  function backups(except: ReadonlySet<string> = new Set()): Recovered[] {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    return keys
      .filter((key) => key.startsWith(BACKUP) && !except.has(key.slice(BACKUP.length)))
      .map((key) => read<Recovered>(key))
      .filter((backup) => backup !== undefined)
      .sort((a, b) => b.savedAt - a.savedAt)
  }

  function removeBackup(id: string): void {
    storage.removeItem(BACKUP + id)
  }

  return {
    recent: () => read<RecentDocument[]>(RECENT) ?? [],
    addRecent(path) {
      const name = (path.split(/[/\\]/).pop() ?? path).replace(/\.weir\.json$/i, '')
      const others = (read<RecentDocument[]>(RECENT) ?? []).filter((recent) => recent.path !== path)
      storage.setItem(
        RECENT,
        JSON.stringify([{ path, name, openedAt: now() }, ...others].slice(0, MAX_RECENT)),
      )
    },
    writeBackup(id, backup) {
      const text = JSON.stringify({ id, ...backup, savedAt: now() } satisfies Recovered)
      const older = backups(new Set([id]))
      for (const { id } of older.splice(MAX_BACKUPS - 1)) removeBackup(id)
      for (;;) {
        try {
          return storage.setItem(BACKUP + id, text)
        } catch (error) {
          const oldest = older.pop()
          if (!oldest) throw error
          removeBackup(oldest.id)
        }
      }
    },
    removeBackup,
    backups,
  }
}

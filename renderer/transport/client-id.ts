/** The id under which the engine knows this page: kept over a reload, so that a reload finds its run again. */

const KEY = 'weir.client'
const LOCK = 'weir.client.'
/** How long a page that is being reloaded may take to let go of its id. */
const HAND_OVER_MS = 400

export interface ClientIdPlace {
  storage: Pick<Storage, 'getItem' | 'setItem'>
  /** Absent where the browser has none: then ids are believed. */
  locks: Pick<LockManager, 'request'> | undefined
}

/**
 * A duplicated tab starts with a copy of the other's storage. A live page holds a lock on its id, so that the copy
 * learns that the id is taken and makes its own.
 */
export async function claimClientId({ storage, locks }: ClientIdPlace): Promise<string> {
  const known = storage.getItem(KEY)
  if (known !== null && (await hold(locks, known, AbortSignal.timeout(HAND_OVER_MS)))) return known
  const fresh = crypto.randomUUID()
  storage.setItem(KEY, fresh)
  await hold(locks, fresh)
  return fresh
}

/** Holds the id until the page is gone. False where another page still has it at the signal. */
function hold(locks: ClientIdPlace['locks'], id: string, signal?: AbortSignal): Promise<boolean> {
  if (!locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    const held = () => {
      resolve(true)
      // Never settles; the browser lets go of the lock with the page.
      return new Promise<void>(() => {})
    }
    locks.request(LOCK + id, signal ? { signal } : {}, held).catch(() => resolve(false))
  })
}

/** The id of a page: kept over a reload, never shared by two live pages. */
import { expect, test } from 'vitest'
import { claimClientId } from '../../renderer/transport/client-id.ts'

/** What a tab keeps; a duplicated tab starts with a copy. */
function storageOf(entries: Iterable<readonly [string, string]> = []) {
  const map = new Map(entries)
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  }
}

test('a page that is loaded again once the old one is gone has the same id', async () => {
  const storage = storageOf()
  const [before, after] = [new Locks(), new Locks()]
  const first = await claimClientId({ storage, locks: before.manager })
  expect(await claimClientId({ storage, locks: after.manager })).toBe(first)
})

test('a duplicated tab gets an id of its own and keeps it', async () => {
  const { manager: locks } = new Locks()
  const original = storageOf()
  const first = await claimClientId({ storage: original, locks })
  const copy = storageOf(original.map)
  const second = await claimClientId({ storage: copy, locks })
  expect(second).not.toBe(first)
  expect([...original.map.values()]).toEqual([first])
  expect([...copy.map.values()]).toEqual([second])
})

test('without locks an id that is known is believed', async () => {
  const storage = storageOf()
  const first = await claimClientId({ storage, locks: undefined })
  expect(await claimClientId({ storage, locks: undefined })).toBe(first)
})

/** The browser's locks, as far as they are used: whoever waits gives up at its signal. */
class Locks {
  readonly #held = new Set<string>()
  readonly manager = {
    request: (name: string, options: LockOptions, callback: () => Promise<unknown>) => {
      if (this.#held.has(name)) {
        return new Promise((_, reject) =>
          options.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
        )
      }
      this.#held.add(name)
      return callback()
    },
  } as unknown as Pick<LockManager, 'request'>
}

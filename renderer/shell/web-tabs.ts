/** Which tabs of the studio are open, so that one does not offer to recover what another is still editing. */

const PREFIX = 'weir.tab.'

/** Gives this page an id that counts as live until the page is gone, however it goes. */
export function claimTab(): Promise<string> {
  const id = crypto.randomUUID()
  // Browsers without locks cannot tell; each tab then sees the others' backups as left behind.
  if (!navigator.locks) return Promise.resolve(id)
  return new Promise((resolve) => {
    // The lock is held by a promise that never settles; the browser lets go of it with the page.
    void navigator.locks.request(PREFIX + id, () => {
      resolve(id)
      return new Promise(() => {})
    })
  })
}

/** Ids of all live tabs, this one included. */
export async function liveTabs(): Promise<string[]> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  return held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
}

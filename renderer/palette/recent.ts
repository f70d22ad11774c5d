/** The node types used lately, the newest first; kept over restarts. */
const KEY = 'weir.recent-types'
const KEPT = 8

export function recentTypes(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((type) => typeof type === 'string').slice(0, KEPT) : []
  } catch {
    // Somebody else's text under our key: as good as nothing.
    return []
  }
}

export function noteUsed(type: string): void {
  const types = [type, ...recentTypes().filter((other) => other !== type)].slice(0, KEPT)
  localStorage.setItem(KEY, JSON.stringify(types))
}

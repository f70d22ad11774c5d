/**
 * The sources that were typed here: they need no consent, code that came with a file does. Kept for the life of the
 * window; the engine remembers what ran.
 */
import type { Flow } from '../../engine/host/protocol.ts'

/** As many as one request may carry; the oldest are forgotten first. */
const LIMIT = 10_000

const typed = new Set<string>()

/** Called by the editors of expressions and scripts at every change that the person makes. */
export function markTyped(source: string): void {
  typed.delete(source)
  typed.add(source)
  if (typed.size > LIMIT) typed.delete(typed.values().next().value ?? '')
}

/** Those of the typed sources that this flow holds. */
export function ownSources(flow: Flow): string[] {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (typed.has(value)) found.add(value)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  for (const node of Object.values(flow.nodes)) walk(node.config)
  return [...found]
}

/** Ctrl-C and its like: the first asks, the second insists. */
import { SIGNAL_EXITS } from './exit-codes.ts'
import type { EndingSignal } from './exit-codes.ts'

const SIGNALS = Object.keys(SIGNAL_EXITS) as EndingSignal[]

/**
 * Calls `ask` at the first signal and ends the process with the signal's status at the second.
 * Returns the end of listening.
 */
export function onSignals(ask: (signal: EndingSignal) => void): () => void {
  let asked = false
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (asked) return process.exit(SIGNAL_EXITS[signal])
      asked = true
      ask(signal)
    }
    process.on(signal, listener)
    return { signal, listener }
  })
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener)
  }
}

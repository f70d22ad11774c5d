/**
 * Two ends of a connection within one thread: messages arrive a turn later, as with a MessageChannel, but records and
 * bytes, which nobody changes once they are sent, arrive without a copy.
 */
import type { FromPart, PartPort, ToPart } from './part-protocol.ts'

export function localPorts(): { port1: PartPort; port2: PartPort } {
  const port1 = new LocalPort()
  const port2 = new LocalPort()
  port1.other = port2
  port2.other = port1
  return { port1, port2 }
}

/** What nobody changes once it is sent. */
const KEPT = new Set<(FromPart | ToPart)['say']>(['records', 'encoded', 'copy', 'share', 'keys', 'held'])

class LocalPort implements PartPort {
  readonly isLocal = true
  other: LocalPort | undefined
  readonly #listeners: ((message: unknown) => void)[] = []
  #messages: unknown[] = []
  #due = false
  #closed = false

  postMessage(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    const { other } = this
    if (this.#closed || !other || other.#closed) return
    const { say } = message as FromPart | ToPart
    other.#messages.push(KEPT.has(say) ? message : structuredClone(message, { transfer: [...transfer] }))
    other.#deliverSoon()
  }

  on(_event: 'message', listener: (message: unknown) => void): void {
    this.#listeners.push(listener)
    this.#deliverSoon()
  }

  close(): void {
    this.#closed = true
  }

  #deliverSoon(): void {
    if (this.#due || this.#listeners.length === 0 || this.#messages.length === 0) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      const messages = this.#messages
      this.#messages = []
      // What was sent before the other end closed still arrives.
      for (const message of messages) for (const hear of this.#listeners) if (!this.#closed) hear(message)
    })
  }
}

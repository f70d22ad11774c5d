/** The time that a node waits for room behind it; once, where several wires bring batches while the first one waits. */
import type { NodeMeters } from './meter.ts'

export class BlockedTime {
  readonly #meters: NodeMeters
  #waiting = 0
  #since = 0

  constructor(meters: NodeMeters) {
    this.#meters = meters
  }

  async during(room: Promise<unknown>): Promise<void> {
    this.#meters.setState('blocked')
    if (this.#waiting++ === 0) this.#since = performance.now()
    await room
    if (--this.#waiting > 0) return
    this.#account(performance.now())
    this.#meters.setState('running')
  }

  tick(now: number): void {
    if (this.#waiting > 0) this.#account(now)
  }

  #account(now: number): void {
    this.#meters.add('blockedMs', now - this.#since)
    this.#since = now
  }
}

/** For work that neither reads nor sends for a while: lets the event loop take a turn, and ends when the node is to end. */
import { setImmediate } from 'node:timers/promises'

/** Steps between two looks at the clock. */
const STEPS = 256
const SLICE_MS = 8

export class Breather {
  readonly #signal: AbortSignal
  #steps = 0
  #last = performance.now()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /**
   * To be called with each step of a few microseconds; returns a promise to await where a turn is due.
   * @throws the signal's reason, also by the promise
   */
  step(): void | Promise<void> {
    if (++this.#steps % STEPS !== 0) return
    this.#signal.throwIfAborted()
    if (performance.now() - this.#last >= SLICE_MS) return this.#turn()
  }

  async #turn(): Promise<void> {
    await setImmediate()
    this.#last = performance.now()
    this.#signal.throwIfAborted()
  }
}

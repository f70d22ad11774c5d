/**
 * Lets the event loop breathe. Nodes that never wait for anything would otherwise keep timers, messages and a
 * stop from ever being seen: every send and every read asks the pacer whether a turn is due.
 */

/** How long a run may keep the thread without a turn of the event loop. */
const SLICE_MS = 8

export class Pacer {
  #last = performance.now()
  #turn: Promise<void> | undefined

  /** A promise to await when the time slice is used up, else nothing. */
  due(now: number): Promise<void> | undefined {
    if (this.#turn) return this.#turn
    if (now - this.#last < SLICE_MS) return undefined
    this.#turn = new Promise((resolve) =>
      setImmediate(() => {
        this.#last = performance.now()
        this.#turn = undefined
        resolve()
      }),
    )
    return this.#turn
  }
}

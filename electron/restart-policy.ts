/** When a process that crashed is started again, and when it is given up. Pure: the caller tells the time. */

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8000
const CRASHES_TO_GIVE_UP = 3
const MINUTE_MS = 60_000
/** A process that lived this long starts again with the first delay. */
const STABLE_MS = 5 * MINUTE_MS

export class RestartPolicy {
  #crashes: number[] = []
  #streak = 0

  /** The delay before the next start, or null to give up: three crashes within a minute. */
  crashed(now: number): number | null {
    const last = this.#crashes.at(-1)
    this.#streak = last !== undefined && now - last < STABLE_MS ? this.#streak + 1 : 1
    this.#crashes = [...this.#crashes.filter((time) => now - time < MINUTE_MS), now]
    if (this.#crashes.length >= CRASHES_TO_GIVE_UP) return null
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#streak - 1))
  }

  /** A person asked for another try. */
  forgive(): void {
    this.#crashes = []
    this.#streak = 0
  }
}

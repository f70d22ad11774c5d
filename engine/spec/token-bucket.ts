/** A token bucket on a fixed timetable: what `throttle` measures its rate with. Time in milliseconds. */

/** How far behind its timetable the bucket may catch up after a timer that fired late. */
const SLACK_MS = 20
/** Forgives rounding of a division, in tokens. */
const ROUNDING = 1e-6

/**
 * Starts full. Tokens come at multiples of one interval from an origin, never by adding up small amounts, so that
 * a million tokens later the rate is still exact. A late timer loses nothing: what was due in the meantime is due now.
 * Time in which nobody wanted a token fills the bucket up to its burst and not beyond.
 */
export class TokenBucket {
  readonly #interval: number
  readonly #burst: number
  #origin: number
  /** Tokens taken since the origin; starts at minus the burst, which is a full bucket. */
  #taken: number

  /** @param rate tokens per second */
  constructor(rate: number, burst: number, now: number) {
    this.#interval = 1000 / rate
    this.#burst = burst
    this.#origin = now
    this.#taken = -burst
  }

  /** Whole tokens that may be taken now. */
  due(now: number): number {
    return Math.max(0, Math.floor(this.#credit(now) + ROUNDING))
  }

  take(count: number): void {
    this.#taken += count
  }

  /** Milliseconds until the next whole token. */
  wait(now: number): number {
    return Math.max(0, this.#origin + (this.#taken + 1) * this.#interval - now)
  }

  /** Call after time in which nobody wanted a token: no input came, or the output had no room. */
  idle(since: number, now: number): void {
    const before = now - since <= SLACK_MS ? this.#credit(since) : 0
    this.#cap(now, Math.max(this.#burst, before))
  }

  /** Call after waiting for a token: a machine that slept for an hour does not owe an hour of records. */
  waited(now: number): void {
    this.#cap(now, Math.max(this.#burst, Math.ceil(SLACK_MS / this.#interval)))
  }

  #credit(now: number): number {
    return (now - this.#origin) / this.#interval - this.#taken
  }

  #cap(now: number, most: number): void {
    if (this.#credit(now) <= most) return
    this.#origin = now
    this.#taken = -most
  }
}

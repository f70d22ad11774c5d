/**
 * How many rows the next scan may take. Those that go the way of the row tier take a thousand times as long as the
 * others, and a thread hears of a stop only between two scans: where there are many of them, scans are short.
 */

/** Rows of a short scan. Each may take some 20 µs, as one does that fails. */
const SHORT = 2 * 1024
/** One in so many rows on the slow way makes the next scan a short one. */
const MANY = 32

export class ScanPace {
  readonly #most: number
  #rows: number

  /** @param most rows of a scan; the first one is short, as nothing is known of the rows yet */
  constructor(most: number) {
    this.#most = most
    this.#rows = Math.min(SHORT, most)
  }

  /** Rows of the next scan at most. */
  get rows(): number {
    return this.#rows
  }

  /** After each scan. @param slow how many of its rows went the way of the row tier */
  passed(rows: number, slow: number): void {
    this.#rows = slow * MANY > rows ? Math.min(SHORT, this.#most) : this.#most
  }
}

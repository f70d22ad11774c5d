/**
 * What is left of some shares when a worker has done its own: those that are still busy cede about half of it, again and
 * again until little is left, so that all workers end at about the same time.
 */

/** Rounds of asking: each one halves what is left, so more are of no use. */
const ROUNDS = 16

export interface CededSharesParts<Line> {
  /** The workers that do a share now. */
  busy(): readonly number[]
  /** Asks a busy worker; the answer comes by `answered`. */
  ask(part: number): void
  /** Hands a share to a worker that waits, or tells it that there is none. */
  give(part: number, line: Line | undefined): void
  /** Whether a ceded share is still to be done. */
  isWanted(line: Line): boolean
  /** Where the share is among all of them, in the order of the input. */
  placeOf(line: Line): number
  /** A ceded share that nobody will do. */
  drop(line: Line): void
}

export class CededShares<Line> {
  readonly #given: CededSharesParts<Line>
  /** Workers that wait for a share. */
  #idle: number[] = []
  /** Shares that wait for a worker. */
  #lines: Line[] = []
  /** Workers that have not answered. */
  #asked = 0
  #rounds = 0
  /** Whether the last round of asking brought anything. */
  #fruitful = true
  #closed = false

  constructor(given: CededSharesParts<Line>) {
    this.#given = given
  }

  /** A worker has done its share. */
  wanted(part: number): void {
    this.#idle.push(part)
    this.#match()
  }

  /** A worker that was asked has ceded a share, or has too little left. */
  answered(line: Line | undefined): void {
    this.#asked--
    if (line) {
      this.#lines.push(line)
      this.#fruitful = true
    }
    this.#match()
    this.#fruitful = true
  }

  /** No more is asked for; what is wanted of what was ceded is still done. */
  close(): void {
    this.#closed = true
    this.#match()
  }

  #match(): void {
    const unwanted = this.#lines.filter((line) => !this.#given.isWanted(line))
    this.#lines = this.#lines.filter((line) => !unwanted.includes(line))
    for (const line of unwanted) this.#given.drop(line)
    // Where a record fails, the workers behind it end: those before it have to be enough for the shares before it.
    this.#lines.sort((one, other) => this.#given.placeOf(one) - this.#given.placeOf(other))
    while (this.#idle.length > 0 && this.#lines.length > 0)
      this.#given.give(this.#idle.shift()!, this.#lines.shift())
    if (this.#idle.length === 0 || this.#asked > 0) return
    const ask = this.#fruitful && !this.#closed && this.#rounds < ROUNDS
    const busy = ask ? this.#given.busy() : []
    if (busy.length === 0) {
      for (const part of this.#idle.splice(0)) this.#given.give(part, undefined)
      return
    }
    this.#rounds++
    this.#fruitful = false
    this.#asked = busy.length
    for (const part of busy) this.#given.ask(part)
  }
}

/**
 * How large tables are that go to disk. All that memory holds where groups come again and again, and find themselves
 * there. Where nearly every record is a new group, as many rows as the caches of the processor hold: the table is then
 * only a place to gather rows in, and a small one is filled and emptied in half of the time.
 */
import { PIECE_ROWS } from './row-files.ts'

/** Records for each row from which on a large table is worth it. */
const WORTH = 1.5
/** One table in so many is large all the same, to see whether it has become worth it. */
const TRY_EVERY = 8

export class TableSize {
  /** Bytes at which a table is full. */
  bytes: number
  readonly #most: number
  #tables = 0

  /** @param most bytes of the largest table */
  constructor(most: number) {
    this.bytes = this.#most = most
  }

  /**
   * A table is full. Says whether the next one is of another size.
   * @param records that it has taken
   */
  turn({ records, rows, bytes }: { records: number; rows: number; bytes: number }): boolean {
    const before = this.bytes
    this.#tables++
    if (before < this.#most) {
      if (this.#tables % TRY_EVERY === 0) this.bytes = this.#most
    } else if (records < WORTH * rows) {
      this.bytes = Math.min(this.#most, (bytes / rows) * PIECE_ROWS)
    }
    return this.bytes !== before
  }
}

/** The rows of a `table`: the first ones up to a limit, the newest ones beyond it, and how many there were. */
import type { Batch, DataRecord } from '../spec/node.ts'

export class RowStore {
  readonly #limit: number
  readonly #last: number
  #rows: DataRecord[] = []
  /** A ring of the newest rows beyond the limit. */
  #tail: DataRecord[] = []
  #tailAt = 0
  #total = 0

  constructor(limit: number, last: number) {
    this.#limit = limit
    this.#last = last
  }

  get total(): number {
    return this.#total
  }
  /** The first so many of the stored rows are the first that arrived; the rest are the newest. */
  get head(): number {
    return this.#rows.length
  }
  /** Rows that can be read: the first ones, then the newest ones. */
  get stored(): number {
    return this.#rows.length + this.#tail.length
  }

  append(batch: Batch): void {
    this.#total += batch.length
    for (const record of batch) {
      if (this.#rows.length < this.#limit) this.#rows.push(record)
      else if (this.#tail.length < this.#last) this.#tail.push(record)
      else if (this.#last > 0) {
        this.#tail[this.#tailAt] = record
        this.#tailAt = (this.#tailAt + 1) % this.#last
      }
    }
  }

  /** Rows by position among the stored ones. */
  slice(offset: number, limit: number): DataRecord[] {
    const head = this.#rows.slice(offset, offset + limit)
    const want = limit - head.length
    if (want === 0) return head
    const from = Math.max(0, offset - this.#rows.length)
    const tail = [...this.#tail.slice(this.#tailAt), ...this.#tail.slice(0, this.#tailAt)]
    return [...head, ...tail.slice(from, from + want)]
  }
}

/**
 * Rows of a table, page by page: what the grid looks at is fetched, what it left long ago is forgotten.
 * One request is under way at a time, and the next is for what is looked at then, so that a fast scroll over
 * a hundred thousand rows asks for the pages where it rests and not for all those it passed.
 */

export interface Page {
  rows: readonly unknown[]
  /** The first so many rows never change again; those after them are the newest of all. */
  head: number
  /** Rows that can be read. */
  stored: number
  /** Rows that arrived. */
  total: number
}

export type FetchPage = (offset: number, limit: number) => Promise<Page>

export const PAGE_ROWS = 1000
/** Pages kept: 24 000 rows. */
export const MAX_PAGES = 24

export class PageCache {
  readonly #fetch: FetchPage
  readonly #changed: (added: readonly unknown[]) => void
  /** By page number; the order of insertion is the order of use, oldest first. */
  readonly #pages = new Map<number, readonly unknown[]>()
  #range: readonly [number, number] = [0, 0]
  /** Pages with rows that newer ones may have pushed out. */
  readonly #old = new Set<number>()
  #busy = false
  #closed = false
  /** The newest counts were asked for since the last reply. */
  #stale = true
  head = 0
  stored = 0
  total = 0
  error: Error | null = null

  /** `changed` is called after each reply with the rows it brought. */
  constructor(fetch: FetchPage, changed: (added: readonly unknown[]) => void) {
    this.#fetch = fetch
    this.#changed = changed
  }

  /** The row, or undefined while it is not here. */
  row(index: number): { record: unknown } | undefined {
    const rows = this.#pages.get(Math.floor(index / PAGE_ROWS))
    const at = index % PAGE_ROWS
    return rows && at < rows.length ? { record: rows[at] } : undefined
  }

  /** Says which rows are looked at, both ends included. */
  look(first: number, last: number): void {
    this.#range = [Math.max(0, first), Math.max(first, last)]
    for (const page of this.#wanted()) this.#touch(page)
    void this.#work()
  }

  /** Asks again for the counts (and the rows after the last known one): the table grows while a run goes on. */
  refresh(): Promise<void> {
    this.#stale = true
    if (this.stored > this.head) {
      for (const page of this.#pages.keys()) if ((page + 1) * PAGE_ROWS > this.head) this.#old.add(page)
    }
    return this.#work()
  }

  /** Position among all rows that arrived, from 0: the newest ones stand behind a gap. */
  numberOf(index: number): number {
    return index < this.head ? index : this.total - (this.stored - index)
  }

  /** Rows of a range, through the cache where they are there; pages fetched only for this are not kept. */
  async read(first: number, last: number): Promise<unknown[]> {
    const rows: unknown[] = []
    for (let page = Math.floor(first / PAGE_ROWS); page * PAGE_ROWS <= last; page++) {
      const start = page * PAGE_ROWS
      const whole = Math.min(PAGE_ROWS, this.stored - start)
      const kept = this.#pages.get(page)
      const found = kept && kept.length >= whole ? kept : (await this.#fetch(start, PAGE_ROWS)).rows
      rows.push(...found.slice(Math.max(0, first - start), last - start + 1))
    }
    return rows
  }

  /** Undoes `close`: React mounts effects twice in development. */
  open(): void {
    this.#closed = false
  }

  /** Replies that come later are ignored. */
  close(): void {
    this.#closed = true
  }

  get size(): number {
    return this.#pages.size
  }

  async #work(): Promise<void> {
    if (this.#busy || this.#closed) return
    this.#busy = true
    try {
      for (let page = this.#next(); page !== undefined; page = this.#next()) {
        const known = this.#pages.get(page)?.length ?? 0
        const before = this.stored
        this.#stale = false
        const reply = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS)
        if (this.#closed) return
        this.head = reply.head
        this.stored = reply.stored
        this.total = reply.total
        this.error = null
        const again = this.#old.delete(page)
        this.#keep(page, reply.rows)
        this.#changed(again ? reply.rows : reply.rows.slice(known))
        // A page that stays short although more was promised must not be asked for again at once.
        if (reply.rows.length <= known && reply.stored === before && !again) break
      }
    } catch (error) {
      if (this.#closed) return
      this.error = error instanceof Error ? error : new Error(String(error))
      this.#changed([])
    } finally {
      this.#busy = false
    }
  }

  /** The page to fetch next: one that is looked at and not whole, or the last one looked at for its counts. */
  #next(): number | undefined {
    const wanted = this.#wanted()
    const missing = wanted.find((page) => {
      const whole = Math.min(PAGE_ROWS, this.stored - page * PAGE_ROWS)
      return whole > 0 && (this.#old.has(page) || (this.#pages.get(page)?.length ?? 0) < whole)
    })
    return missing ?? (this.#stale ? (wanted.at(-1) ?? 0) : undefined)
  }

  #wanted(): number[] {
    const [first, last] = this.#range
    const from = Math.floor(first / PAGE_ROWS)
    const to = Math.min(Math.floor(last / PAGE_ROWS), from + MAX_PAGES - 1)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page)
    if (!rows) return
    this.#pages.delete(page)
    this.#pages.set(page, rows)
  }

  #keep(page: number, rows: readonly unknown[]): void {
    this.#pages.delete(page)
    if (rows.length > 0) this.#pages.set(page, rows)
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) return
      this.#pages.delete(old)
      this.#old.delete(old)
    }
  }
}

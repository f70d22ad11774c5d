/**
 * How many records went over the wires of a statement while it runs, about: DuckDB does not count before the end. It
 * tells how far it has read, and beside it a few thousand records of the place where it reads are asked how many of
 * them the filters let through. Nothing is asked in the first moments, and little later, so that it costs little.
 */
import type { SqlAside } from './aside.ts'
import type { SqlProgram } from './program-parts.ts'
import { partsRead, readingOrder, type Reading } from './reading-order.ts'
import { WatchedSource } from './watched-source.ts'

/** What DuckDB does now. */
export interface SqlStatement {
  sql: string
  /** By `performance.now()`. */
  began: number
  /** Rows that it went through, of all that it goes through. */
  processed: number
  /** The same as a share, 0 to 1. */
  share: number
}

export interface WatchedJob {
  /** What reads files now. */
  readonly statement: SqlStatement | undefined
  /** Statements that have ended. */
  readonly finished: readonly string[]
  readonly aside: Pick<SqlAside, 'rows'>
}

/** So far, about. */
export interface SqlAbout {
  /** Shares of the sources that were read, 0 to 1. */
  read: ReadonlyMap<string, number>
  /** Records that left a node, for those of which something is known. */
  left: ReadonlyMap<string, number>
}

/** When questions are asked, in ms. */
interface Pace {
  /** A statement that is over before that is not asked after. */
  wait: number
  /** Between two questions, at least and at most. */
  rest: number
  longestRest: number
}

const USUAL: Pace = { wait: 200, rest: 250, longestRest: 2000 }
/** Of the time that goes by, what questions may take. */
const ASKING_PART = 0.05

export class SqlWatch {
  readonly #job: WatchedJob
  readonly #program: SqlProgram
  readonly #pace: Pace
  readonly #sources = new Map<string, WatchedSource>()
  readonly #created = performance.now()
  #sql: string | undefined
  /** Of the statement that goes on; empty where DuckDB does not tell. */
  #order: readonly Reading[] | undefined
  #isAsking = false
  #restUntil = 0

  constructor(job: WatchedJob, program: SqlProgram, pace: Pace = USUAL) {
    this.#job = job
    this.#program = program
    this.#pace = pace
    for (const source of program.sources) this.#sources.set(source.node, new WatchedSource(source))
  }

  /** What is known by now. Asks for more when it is time to, and does not wait for that. */
  look(): SqlAbout {
    const { statement, finished } = this.#job
    const now = performance.now()
    if (statement?.sql !== this.#sql) {
      this.#sql = statement?.sql
      this.#order = undefined
    }
    for (const source of this.#sources.values())
      if (finished.some((sql) => source.isReadBy(sql))) source.readTo(1)
    this.#move()
    const isTime = now >= this.#restUntil && now - (statement?.began ?? this.#created) >= this.#pace.wait
    if (isTime && !this.#isAsking) void this.#ask()
    return this.#about()
  }

  #move(): void {
    const { statement } = this.#job
    if (!this.#order || !statement || statement.sql !== this.#sql) return
    const { sql, processed, share } = statement
    const reading = [...this.#sources.values()].filter((source) => source.isReadBy(sql))
    const parts = partsRead(this.#order, processed)
    // Where there is one only, the share of the whole is better than nothing.
    if (this.#order.length === 0 && reading.length === 1) parts.set(reading[0]!.node, share)
    for (const source of reading) source.readTo(parts.get(source.node) ?? 0)
  }

  /** Never rejects: who does not get to know shows what is known. */
  async #ask(): Promise<void> {
    this.#isAsking = true
    if (this.#sql !== undefined && !this.#order) await this.#findOrder(this.#sql)
    const began = performance.now()
    await this.#survey()
    const ended = performance.now()
    const { rest, longestRest } = this.#pace
    this.#restUntil = ended + Math.max(rest, Math.min(longestRest, (ended - began) / ASKING_PART))
    this.#isAsking = false
  }

  async #findOrder(sql: string): Promise<void> {
    const sources = this.#program.sources.filter(({ scan }) => sql.includes(scan))
    let order: Reading[] = []
    try {
      const [row] = await this.#job.aside.rows(`EXPLAIN (FORMAT json) ${sql}`)
      order = readingOrder(String(row?.[1]), sources)
    } catch {
      // Tables of the job's own connection are not seen from another one.
    }
    if (this.#sql === sql) this.#order = order
    this.#move()
  }

  async #survey(): Promise<void> {
    const [source] = [...this.#sources.values()]
      .filter((one) => one.isToBeSurveyed)
      .toSorted((a, b) => a.surveys - b.surveys)
    if (!source) return
    try {
      const [row] = await this.#job.aside.rows(source.surveyHere())
      if (row) source.learn(row.map(Number))
    } catch {
      // The statement itself says what is wrong, if anything is.
      source.surveys++
    }
  }

  #about(): SqlAbout {
    const read = new Map<string, number>()
    const left = new Map<string, number>()
    for (const { id, type, from } of this.#program.nodes) {
      const source = this.#sources.get(id)
      if (source?.part !== undefined) {
        read.set(id, source.part)
        left.set(id, Math.floor(source.position))
        for (const [node, records] of source.passed) left.set(node, Math.floor(records))
      } else if ((type === 'derive' || type === 'select') && left.has(from[0]!)) {
        left.set(id, left.get(from[0]!)!)
      }
    }
    return { read, left }
  }
}

/**
 * How many records went over the wires of a statement while it runs, about: DuckDB does not count before the end. It
 * tells how far it has read, and beside it a few thousand records of the place where it reads are asked how many of
 * them the filters let through. Nothing is asked in the first moments, and little later, so that it costs little.
 */
import type { SqlAside } from './aside.ts'
import type { SqlProgram } from './program-parts.ts'
import { partsRead, readingOrder, type Reading } from './reading-order.ts'
import { WatchedSource } from './watched-source.ts'
import { WatchedSurvey } from './watched-survey.ts'

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

export interface WatchedDatabase {
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
  /** Between two questions, at least. */
  rest: number
}

const USUAL: Pace = { wait: 200, rest: 250 }
/** Of the time that goes by, what questions may take. */
const ASKING_PART = 0.02

export class SqlWatch {
  readonly #database: WatchedDatabase
  readonly #program: SqlProgram
  readonly #pace: Pace
  readonly #sources = new Map<string, WatchedSource>()
  readonly #surveys: readonly WatchedSurvey[]
  readonly #created = performance.now()
  #sql: string | undefined
  /** Of the statement that goes on; empty where DuckDB does not tell. */
  #order: readonly Reading[] | undefined
  #isAsking = false
  #restUntil = 0

  constructor(database: WatchedDatabase, program: SqlProgram, pace: Pace = USUAL) {
    this.#database = database
    this.#program = program
    this.#pace = pace
    for (const source of program.sources) this.#sources.set(source.node, new WatchedSource(source))
    this.#surveys = program.surveys.map((survey) => new WatchedSurvey(survey, this.#sources))
  }

  /** What is known by now. Asks for more when it is time to, and does not wait for that. */
  look(): SqlAbout {
    const { statement, finished } = this.#database
    const now = performance.now()
    if (statement?.sql !== this.#sql) {
      this.#sql = statement?.sql
      this.#order = undefined
    }
    for (const source of this.#sources.values())
      if (finished.some((sql) => source.isReadBy(sql))) source.readTo(1)
    this.#move()
    for (const survey of this.#surveys) survey.count()
    const lasts = now - (statement?.began ?? this.#created)
    if (lasts >= this.#pace.wait && now >= this.#restUntil && !this.#isAsking) void this.#ask(lasts)
    return this.#about()
  }

  #move(): void {
    const { statement } = this.#database
    if (!this.#order || !statement || statement.sql !== this.#sql) return
    const { sql, processed, share } = statement
    const reading = [...this.#sources.values()].filter((source) => source.isReadBy(sql))
    const parts = partsRead(this.#order, processed)
    // Where there is one only, the share of the whole is better than nothing.
    if (this.#order.length === 0 && reading.length === 1) parts.set(reading[0]!.node, share)
    for (const source of reading) source.readTo(parts.get(source.node) ?? 0)
    for (const survey of this.#surveys) survey.order(this.#order)
  }

  /** Never rejects: who does not get to know shows what is known. */
  async #ask(lasts: number): Promise<void> {
    this.#isAsking = true
    if (this.#sql !== undefined && !this.#order) await this.#findOrder(this.#sql)
    const began = performance.now()
    await this.#survey(lasts)
    const ended = performance.now()
    const { rest } = this.#pace
    this.#restUntil = ended + (rest && Math.max(rest, (ended - began) / ASKING_PART))
    this.#isAsking = false
  }

  async #findOrder(sql: string): Promise<void> {
    const sources = this.#program.sources.filter(({ scan }) => sql.includes(scan))
    let order: Reading[] = []
    try {
      const [row] = await this.#database.aside.rows(`EXPLAIN (FORMAT json) ${sql}`)
      order = readingOrder(String(row?.[1]), sources)
    } catch {
      // Temporary tables are not seen from another connection.
    }
    if (this.#sql === sql) this.#order = order
    this.#move()
  }

  async #survey(lasts: number): Promise<void> {
    const [survey] = this.#surveys
      .filter(({ isToBeAsked, cost }) => isToBeAsked && cost <= lasts * ASKING_PART)
      .toSorted((a, b) => a.asked - b.asked)
    try {
      await survey?.ask((sql) => this.#database.aside.rows(sql))
    } catch {
      // The statement itself says what is wrong, if anything is.
    }
  }

  #about(): SqlAbout {
    const read = new Map<string, number>()
    const left = new Map<string, number>()
    for (const { node, part, position } of this.#sources.values()) {
      if (part === undefined) continue
      read.set(node, part)
      left.set(node, Math.floor(position))
    }
    for (const { passed } of this.#surveys)
      for (const [node, records] of passed) left.set(node, Math.floor(records))
    for (const { id, type, from } of this.#program.nodes) {
      const before = left.get(from[0] ?? '')
      if (before !== undefined && (type === 'derive' || type === 'select')) left.set(id, before)
    }
    return { read, left }
  }
}

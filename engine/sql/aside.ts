/** Questions to a database beside the statement that is going on there: by a connection of their own, one at a time. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { duckDbCall } from '../formats/duckdb.ts'

/** How often a question is told to end: one that is just about to begin does not hear it. */
const REPEAT_MS = 10

export class SqlAside {
  readonly #instance: DuckDBInstance
  #connection: DuckDBConnection | undefined
  #pending: Promise<unknown> | undefined
  #ended = false

  constructor(instance: DuckDBInstance) {
    this.#instance = instance
  }

  /** @throws Error also where it was ended meanwhile */
  async rows(sql: string): Promise<unknown[][]> {
    const goOn = () => {
      if (this.#ended) throw new Error('Nobody wants to know any more.')
    }
    const ask = async () => {
      goOn()
      this.#connection ??= await this.#instance.connect()
      goOn()
      return (await this.#connection.runAndReadAll(sql)).getRows()
    }
    const begin = () => {
      const asked = ask()
      this.#pending = asked
      return asked
    }
    return duckDbCall(begin, () => this.#connection?.interrupt())
  }

  /** Settles when nothing is asked any more, and nothing will be. Never rejects. */
  async end(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#connection?.interrupt()
    const repeat = setInterval(() => this.#connection?.interrupt(), REPEAT_MS)
    await this.#pending?.catch(() => undefined)
    clearInterval(repeat)
    this.#connection?.closeSync()
  }
}

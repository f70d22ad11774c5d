/** A database of DuckDB in memory, for one SQL program: makes its tables, then gives the records in batches, then the counts. */
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from '@duckdb/node-api'
import { duckDbCall, loadDuckDb } from '../formats/duckdb.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { NodeError } from '../spec/node-error.ts'
import type { Batch } from '../spec/node.ts'
import { SqlAside } from './aside.ts'
import { MAKE_SEAL } from './columns-out.ts'
import type { CountQuery, Look, SqlProgram, Writing } from './program-parts.ts'
import { recordMaker } from './record-maker.ts'
import { duckDbLimits, type SqlLimits } from './sql-limits.ts'
import { Interrupted, sqlFailure, StreamBroken } from './sql-error.ts'
import { quoteText } from './typed.ts'
import type { SqlStatement } from './watch.ts'

/** How often a statement is told to end. */
const REPEAT_MS = 20

export class SqlDatabase {
  readonly #program: SqlProgram
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  #complete = false
  #streamed = 0
  #interrupted = false
  #failed = false
  #busy = false
  /** What makes a table or the result now. */
  #statement: Pick<SqlStatement, 'sql' | 'began'> | undefined
  /** Those that have ended. */
  readonly finished: string[] = []
  /** To be ended before the database is closed. */
  readonly aside: SqlAside
  #closed = false
  #repeat: NodeJS.Timeout | undefined

  private constructor(program: SqlProgram, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#program = program
    this.#instance = instance
    this.#connection = connection
    this.aside = new SqlAside(instance)
  }

  /** @throws NodeError */
  static async open(program: SqlProgram, limits: SqlLimits): Promise<SqlDatabase> {
    const { memoryMb, threads } = duckDbLimits(limits, sortsRecords(program))
    const settings = {
      threads: String(threads),
      memory_limit: `${memoryMb}MB`,
      temp_directory: limits.folder(),
      // Every result says its order itself.
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    }
    const open = async () => {
      const instance = await loadDuckDb().DuckDBInstance.create(':memory:', settings)
      const connection = await instance.connect()
      await connection.run(
        'SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0',
      )
      if (!program.writing) await connection.run(MAKE_SEAL)
      return new SqlDatabase(program, instance, connection)
    }
    return duckDbCall(open, () => {})
  }

  /** A statement runs now. */
  get isBusy(): boolean {
    return this.#busy
  }
  get isInterrupted(): boolean {
    return this.#interrupted
  }
  get hasFailed(): boolean {
    return this.#failed
  }

  /** What makes a table or the result now, and how far it is by DuckDB's reckoning. */
  get statement(): SqlStatement | undefined {
    if (this.#closed || this.#statement === undefined) return undefined
    const { percentage, rows_processed: processed } = this.#connection.progress
    const share = Math.min(1, Math.max(0, percentage / 100))
    return { ...this.#statement, processed: Number(processed), share }
  }

  /** Makes whoever waits fail with `Interrupted`, at once. */
  interrupt(): void {
    this.#interrupted = true
    if (this.#closed) return
    this.#connection.interrupt()
    // A statement that was just about to begin does not hear it.
    this.#repeat ??= setInterval(() => this.#busy && this.#connection.interrupt(), REPEAT_MS)
  }

  /**
   * The records in order, at most 1024 at a time.
   * @param skipped of them are left out
   * @throws SqlFailure, Interrupted
   */
  async *batches(skipped = 0): AsyncGenerator<Batch> {
    const { result } = this.#program
    await this.#makeTables()
    const stream = await this.#state(result.sql, () => this.#connection.stream(result.sql))
    const make = recordMaker(result.columns)
    for (let isEnd = false; !isEnd;) {
      const chunk = await this.#try(() => nextOf(stream))
      isEnd = chunk.isEnd
      const made = make(chunk.columns)
      const records = made.slice(Math.max(0, skipped - this.#streamed))
      this.#streamed += made.length
      for (let from = 0; from < records.length; from += BATCH_RECORDS)
        yield records.length <= BATCH_RECORDS ? records : records.slice(from, from + BATCH_RECORDS)
    }
    this.#complete = true
  }

  /**
   * Writes the records into a Parquet file, in place of giving them.
   * @returns how many they are
   * @throws SqlFailure, Interrupted
   */
  async write({ sql, inFileOrder, minusZero }: Writing, path: string): Promise<number> {
    await this.#makeTables()
    if (inFileOrder) await this.#try(() => this.#connection.run('SET preserve_insertion_order = true'))
    const [[isMinus = false] = []] = minusZero === undefined ? [] : await this.#rows(minusZero)
    const dictionary = isMinus === true ? ', DICTIONARY_SIZE_LIMIT 0' : ''
    const options = `FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false${dictionary}`
    const copy = `COPY (${sql}) TO ${quoteText(path)} (${options})`
    const reader = await this.#state(sql, () => this.#connection.runAndReadAll(copy))
    const [[written] = []] = reader.getRows()
    this.#streamed = Number(written)
    this.#complete = true
    return this.#streamed
  }

  async #makeTables(): Promise<void> {
    for (const { node, name, sql, limit } of this.#program.tables) {
      await this.#state(sql, () => this.#connection.run(`CREATE TEMP TABLE ${name} AS ${sql}`))
      if (limit) await this.#checkLimit(node, { ...limit, name })
    }
  }

  /**
   * The records that left each node, by its id.
   * @throws SqlFailure, Interrupted
   */
  async counts(): Promise<Map<string, number>> {
    const { nodes, sources, counts, result } = this.#program
    const counted = new Map<string, number>()
    const streamed = result.count?.nodes.at(-1)
    if (this.#complete && streamed !== undefined) counted.set(streamed, this.#streamed)
    for (const query of this.#complete || !result.count ? counts : [...counts, result.count])
      await this.#count(query, counted)
    const left = new Map(sources.map(({ node, facts }) => [node, facts.rows]))
    for (const { id, type, config, from } of nodes) {
      if (left.has(id)) continue
      // A join is always counted; all others have one node before them.
      const came = left.get(from[0]!)!
      left.set(id, counted.get(id) ?? (type === 'top' ? Math.min(came, Number(config['n'])) : came))
    }
    return left
  }

  /**
   * The first records on a wire behind a table. The result has to be through: a connection gives one at a time.
   * @throws SqlFailure, Interrupted
   */
  async first({ sql, columns }: Look): Promise<Batch> {
    const reader = await this.#try(() => this.#connection.runAndReadAll(sql))
    return reader.currentRowCount === 0 ? [] : recordMaker(columns)(reader.getColumns())
  }

  /** Frees the database. Never throws. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#repeat)
    this.#connection.closeSync()
    this.#instance.closeSync()
  }

  async #count({ nodes, sql }: CountQuery, counted: Map<string, number>): Promise<void> {
    const [row = []] = await this.#rows(sql)
    nodes.forEach((node, at) => counted.set(node, Number(row[at])))
  }

  async #rows(sql: string): Promise<unknown[][]> {
    const reader = await this.#try(() => this.#connection.runAndReadAll(sql))
    return reader.getRows()
  }

  async #checkLimit(node: string, limit: { most: number; sql: string; name: string }): Promise<void> {
    const [row = []] = await this.#rows(`SELECT ${limit.sql} FROM ${limit.name}`)
    if (Number(row[0]) <= limit.most) return
    throw sqlFailure(
      new NodeError(`More than ${limit.most} groups and distinct values.`, {
        remedy: 'Group by fewer or coarser values, or raise the limit.',
        field: 'maxGroups',
      }),
      { nodes: this.#program.nodes, node },
    )
  }

  /** @param sql what is said, without what becomes of its rows */
  async #state<Value>(sql: string, work: () => Promise<Value>): Promise<Value> {
    this.#statement = { sql, began: performance.now() }
    try {
      const value = await this.#try(work)
      this.finished.push(sql)
      return value
    } finally {
      this.#statement = undefined
    }
  }

  async #try<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#interrupted) throw new Interrupted()
    this.#busy = true
    try {
      return await duckDbCall(work, () => this.#connection.interrupt())
    } catch (error) {
      if (this.#interrupted) throw new Interrupted()
      this.#failed = true
      throw sqlFailure(error, { nodes: this.#program.nodes })
    } finally {
      this.#busy = false
    }
  }
}

interface Chunk {
  /** Without the one that marks the end. */
  columns: readonly (readonly unknown[])[]
  isEnd: boolean
}

/** The next records, column by column. @throws Error where there are no more, and the end was not seen */
async function nextOf(stream: DuckDBResult): Promise<Chunk> {
  const chunk = await stream.fetchChunk()
  if (!chunk || chunk.rowCount === 0) throw new StreamBroken()
  const mark = chunk.columnCount - 1
  const isEnd = chunk.getColumnVector(mark).getItem(chunk.rowCount - 1) === true
  const columns = Array.from({ length: mark }, (_, at) => {
    const values: unknown[] = chunk.getColumnValues(at)
    if (isEnd) values.pop()
    return values
  })
  return { columns, isEnd }
}

/** Whether whole records are put in order, be they as many as there are. */
function sortsRecords({ nodes }: SqlProgram): boolean {
  return nodes.at(-1)!.type === 'join' || nodes.some(({ type }) => type === 'sort' || type === 'dedupe')
}

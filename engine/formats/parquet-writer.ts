/**
 * Records to a Parquet file. They wait in a table of DuckDB, which goes to disk where it is large, until all of them are
 * there and the types of the columns are known; then the file is made at one go.
 */
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'
import type { Batch } from '../spec/node.ts'
import { explained } from './duckdb-error.ts'
import { duckDbCall, loadDuckDb } from './duckdb.ts'
import { fileColumn, waitingDuckType, waitingType, waitingValue } from './parquet-cells.ts'
import { ShapeWidener, type Shape } from './parquet-shape.ts'
import { kindOf, UnwritableError } from './record-text.ts'
import type { WriteFailure } from './record-writer.ts'

/** With less, DuckDB fails in the middle of plain work. */
const LEAST_MB = 128
/** A part of the run's limit, of which what DuckDB counts takes about twice. */
const COUNTED_PART = 0.25
const MOST_MB = 1024
/** Rows of a chunk of DuckDB. */
const CHUNK_ROWS = 2048

export interface ParquetWriterOptions {
  /** These fields only, in this order; empty: all of them, as they come. */
  columns: readonly string[]
  /** The limit of the run. */
  memoryMb: number
  /** A path for what does not fit into memory; nothing is there yet. */
  folder: string
}

interface Column {
  shape: Shape | undefined
  /** How it waits in the table; absent while it is not there. */
  waits?: string
}

export class ParquetWriter {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #chosen: boolean
  readonly #columns = new Map<string, Column>()
  readonly #widener = new ShapeWidener()
  /** Fields that have a column in the table, in its order; before them is one that is always null. */
  readonly #waiting: string[] = []
  #appender: DuckDBAppender | undefined
  #closed = false

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, columns: readonly string[]) {
    this.#instance = instance
    this.#connection = connection
    this.#chosen = columns.length > 0
    this.#widener.begin()
    for (const name of columns) {
      try {
        this.#widener.addField(name, this.#columns.keys())
      } catch (error) {
        throw new NodeError(reasonOf(error), {
          remedy: 'Name other columns.',
          field: 'columns',
          cause: error,
        })
      }
      this.#columns.set(name, { shape: undefined })
    }
    this.#widener.accept()
  }

  /** @throws NodeError */
  static async open({ columns, memoryMb, folder }: ParquetWriterOptions): Promise<ParquetWriter> {
    const settings = {
      threads: '2',
      memory_limit: `${Math.min(MOST_MB, Math.max(LEAST_MB, Math.floor(memoryMb * COUNTED_PART)))}MB`,
      temp_directory: folder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    }
    const open = async () => {
      const instance = await loadDuckDb().DuckDBInstance.create(':memory:', settings)
      const connection = await instance.connect()
      await connection.run(`SET TimeZone = 'UTC'; CREATE TEMP TABLE rows_to_write (c BOOLEAN)`)
      return new ParquetWriter(instance, connection, columns)
    }
    return duckDbCall(open, () => {})
  }

  /** Whether there is anything to make a file of. */
  get hasColumns(): boolean {
    return this.#columns.size > 0
  }

  /** Takes the records that a Parquet file can hold together with the ones before, and gives the others. */
  async batch(batch: Batch): Promise<WriteFailure[]> {
    const failures: WriteFailure[] = []
    const taken: Record<string, unknown>[] = []
    for (let index = 0; index < batch.length; index++) {
      const record = batch[index]
      try {
        taken.push(this.#take(record))
      } catch (error) {
        if (!(error instanceof UnwritableError)) throw error
        failures.push({ reason: error.message, record, index })
      }
    }
    await explained(async () => {
      await this.#fitTable()
      for (let from = 0; from < taken.length; from += CHUNK_ROWS)
        await this.#append(taken.slice(from, from + CHUNK_ROWS))
    }, this.#interrupt)
    return failures
  }

  /**
   * Makes the file of all records so far.
   * @throws NodeError where there is no column to make it of
   */
  async writeTo(path: string): Promise<void> {
    if (!this.hasColumns) {
      throw noColumns()
    }
    await explained(async () => {
      this.#closeAppender()
      const columns = [...this.#columns].map(
        ([name, { shape }]) =>
          `${fileColumn(shape, `c${this.#waiting.indexOf(name)}`)} AS "${name.replaceAll('"', '""')}"`,
      )
      // 0 and -0 are one entry of a dictionary for DuckDB, so that one of them would become the other.
      const dictionary = this.#widener.sawMinusZero ? ', DICTIONARY_SIZE_LIMIT 0' : ''
      await this.#connection.run(
        `COPY (SELECT ${columns.join(', ')} FROM rows_to_write) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false${dictionary})`,
      )
    }, this.#interrupt)
  }

  #interrupt = () => this.#connection.interrupt()

  /** Frees the memory and what is on disk. Never throws. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#closeAppender()
    } catch {
      // What it still held is not wanted any more.
    }
    this.#connection.closeSync()
    this.#instance.closeSync()
  }

  /** Only a record that can be written as a whole changes the columns. @throws UnwritableError */
  #take(record: unknown): Record<string, unknown> {
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      throw new UnwritableError(`A Parquet row needs a record with fields; this is ${kindOf(record)}.`)
    const fields = record as Record<string, unknown>
    const changes: [string, Shape | undefined][] = []
    this.#widener.begin()
    for (const name of this.#chosen ? this.#columns.keys() : Object.keys(fields)) {
      if (this.#chosen && !Object.hasOwn(fields, name)) continue
      const column = this.#columns.get(name)
      if (!column) this.#widener.addField(name, [...this.#columns.keys(), ...changes.map(([other]) => other)])
      const shape = this.#widener.column(column?.shape, name, fields[name])
      if (!column || shape !== column.shape) changes.push([name, shape])
    }
    if (this.#columns.size + changes.length === 0)
      throw new UnwritableError('The record has no fields, so there is nothing to write.')
    for (const [name, shape] of changes) {
      const column = this.#columns.get(name)
      if (column) column.shape = shape
      else this.#columns.set(name, { shape })
    }
    this.#widener.accept()
    return fields
  }

  /** Columns of the table for all that has a shape by now. */
  async #fitTable(): Promise<void> {
    const changes: string[] = []
    for (const [field, column] of this.#columns) {
      const waits = column.shape && waitingType(column.shape)
      if (waits === undefined || waits === column.waits) continue
      if (column.waits === undefined) this.#waiting.push(field)
      const name = `c${this.#waiting.indexOf(field)}`
      changes.push(
        column.waits === undefined
          ? `ALTER TABLE rows_to_write ADD COLUMN ${name} ${waits}`
          : `ALTER TABLE rows_to_write ALTER COLUMN ${name} TYPE ${waits}`,
      )
      column.waits = waits
    }
    if (changes.length === 0) return
    this.#closeAppender()
    for (const change of changes) await this.#connection.run(change)
  }

  async #append(records: readonly Record<string, unknown>[]): Promise<void> {
    const duck = loadDuckDb()
    this.#appender ??= await this.#connection.createAppender('rows_to_write')
    const shapes = this.#waiting.map((name) => this.#columns.get(name)!.shape!)
    const types = [duck.BOOLEAN, ...shapes.map((shape) => waitingDuckType(shape, duck))]
    const chunk = duck.DuckDBDataChunk.create(types, records.length)
    chunk.setColumnValues(
      0,
      records.map(() => null),
    )
    for (const [at, name] of this.#waiting.entries()) {
      const value = waitingValue(shapes[at]!, duck)
      chunk.setColumnValues(
        at + 1,
        records.map((record) => (Object.hasOwn(record, name) ? value(record[name]) : null)),
      )
    }
    this.#appender.appendDataChunk(chunk)
  }

  #closeAppender(): void {
    const appender = this.#appender
    this.#appender = undefined
    appender?.closeSync()
  }
}

/** What to throw where nothing says which columns there are. */
export function noColumns(): NodeError {
  return new NodeError('No record came, so the columns of the Parquet file are not known.', {
    remedy: 'Name the columns, or have at least one record.',
    field: 'columns',
  })
}

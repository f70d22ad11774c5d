/** Turns records into the text of a format, a batch at a time. */
import type { Batch, Encoder } from '../spec/node.ts'
import { CsvWriter } from './csv-writer.ts'
import type { Format } from './format-name.ts'
import { jsonLine, textLine, UnwritableError } from './record-text.ts'

/** A record that the format cannot hold. */
export interface WriteFailure {
  reason: string
  record: unknown
  /** Index in the batch. */
  index: number
}

export interface WriteOptions {
  format: Format
  delimiter: string
  columns: readonly string[]
  /** Without the header of a CSV file. */
  bare?: boolean
}

export class RecordWriter {
  readonly #format: Format
  readonly #csv: CsvWriter
  #headerDue: boolean

  constructor({ format, delimiter, columns, bare = false }: WriteOptions) {
    this.#format = format
    this.#csv = new CsvWriter(delimiter, columns)
    this.#headerDue = format === 'csv' && !bare
  }

  /** Of a CSV file, once they are fixed. */
  get columns(): readonly string[] | undefined {
    return this.#csv.columns
  }

  /** Text of the records that can be written, each with a line end, and the others. */
  batch(batch: Batch): { text: string; failures: WriteFailure[] } {
    const failures: WriteFailure[] = []
    let text = ''
    for (let index = 0; index < batch.length; index++) {
      const record = batch[index]
      try {
        const line = this.#line(record)
        text += this.#header() + line + '\n'
      } catch (error) {
        if (!(error instanceof UnwritableError)) throw error
        failures.push({ reason: error.message, record, index })
      }
    }
    return { text, failures }
  }

  /**
   * What is still due before text that an encoder has made, and at the end: the header of a CSV file.
   * @param columns those that the first record has fixed, with its text
   */
  due(columns?: readonly string[]): string {
    if (columns) this.#csv.follow(columns)
    return this.#header()
  }

  #line(record: unknown): string {
    if (this.#format === 'csv') return this.#csv.row(record)
    return this.#format === 'ndjson' ? jsonLine(record) : textLine(record)
  }

  #header(): string {
    if (!this.#headerDue) return ''
    const header = this.#csv.header()
    if (header === undefined) return ''
    this.#headerDue = false
    return `${header}\n`
  }
}

/** Makes the same text without the header: that is for whoever puts the pieces one behind the other. */
export function recordEncoder(options: WriteOptions): Encoder {
  const writer = new RecordWriter({ ...options, bare: true })
  const encode = (batch: Batch) => writer.batch(batch)
  if (options.format !== 'csv' || options.columns.length > 0) return { encode }
  return { encode, header: () => writer.columns, follow: (columns) => void writer.due(columns as string[]) }
}

/** Writes records as CSV rows (RFC 4180, LF). Columns are fixed by the first record, or by the config. */
import type { DataRecord } from '../spec/node.ts'
import { jsonLine, kindOf, UnwritableError } from './record-text.ts'

const NEEDS_QUOTES = /["\r\n]/

export class CsvWriter {
  readonly #delimiter: string
  /** Given columns choose: other fields are left out on purpose. */
  readonly #chosen: boolean
  #columns: string[] | undefined
  #known: Set<string> = new Set()

  constructor(delimiter: string, columns: readonly string[] = []) {
    this.#delimiter = delimiter
    this.#chosen = columns.length > 0
    if (this.#chosen) this.#columns = [...columns]
  }

  /** The names in the header, once they are fixed. */
  get columns(): readonly string[] | undefined {
    return this.#columns
  }

  /** Goes by the columns that a record elsewhere has fixed. */
  follow(columns: readonly string[]): void {
    this.#columns = [...columns]
    this.#known = new Set(columns)
  }

  /** The header line, once there are columns; nothing before. */
  header(): string | undefined {
    return this.#columns && this.#line(this.#columns.map((name) => this.#quoted(name)))
  }

  /**
   * The row of a record, without its line end. The first one fixes the columns.
   * @throws UnwritableError for records without fields, with fields that no column holds, or with values that are no data
   */
  row(record: DataRecord): string {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new UnwritableError(`A CSV row needs a record with fields; this is ${kindOf(record)}.`)
    }
    const fields = record as Record<string, unknown>
    const columns = this.#columns ?? Object.keys(fields)
    if (columns.length === 0)
      throw new UnwritableError('The record has no fields, so there is nothing to write.')
    if (this.#columns && !this.#chosen) this.#refuseExtra(fields)
    const line = this.#line(
      columns.map((name) => (Object.hasOwn(fields, name) ? this.#cell(fields[name], name) : '')),
    )
    if (!this.#columns) {
      // Only now, so that a record that cannot be written does not decide the columns.
      this.#columns = columns
      this.#known = new Set(columns)
    }
    return line
  }

  #refuseExtra(fields: Record<string, unknown>): void {
    const extra = Object.keys(fields).filter((name) => !this.#known.has(name))
    if (extra.length === 0) return
    const names = extra.map((name) => `"${name}"`).join(', ')
    const what = extra.length === 1 ? `field ${names} is` : `fields ${names} are`
    throw new UnwritableError(`The ${what} not in the header, which the first record made.`)
  }

  #cell(value: unknown, name: string): string {
    if (value === null || value === undefined) return ''
    if (typeof value === 'string') return this.#quoted(value)
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
      return String(value)
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
    try {
      return this.#quoted(jsonLine(value))
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error
      throw new UnwritableError(error.message.replace('The record', `The field "${name}"`))
    }
  }

  #quoted(text: string): string {
    const plain = !NEEDS_QUOTES.test(text) && !text.includes(this.#delimiter)
    return plain ? text : `"${text.replaceAll('"', '""')}"`
  }

  #line(cells: string[]): string {
    // A row of one empty cell would be a blank line, which readers skip.
    return cells.length === 1 && cells[0] === '' ? '""' : cells.join(this.#delimiter)
  }
}

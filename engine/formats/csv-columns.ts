/** Names the fields of CSV rows: from the header, or by position. */
import type { DataRecord } from '../spec/node.ts'
import { NodeError } from '../spec/node-error.ts'
import { inferValue } from './csv-value.ts'

export interface ColumnOptions {
  /** Of the file or stream, for messages. */
  name: string
  header: boolean
  types: 'infer' | 'text'
}

type Value = ReturnType<typeof inferValue>

export class CsvColumns {
  readonly #options: ColumnOptions
  readonly #infer: boolean
  #names: string[] | undefined
  /** `record[name] = …` would set the prototype for this one. */
  #hasProto = false

  constructor(options: ColumnOptions) {
    this.#options = options
    this.#infer = options.types === 'infer'
  }

  /** Of the fields, in order; undefined before the first row was seen. */
  get names(): readonly string[] | undefined {
    return this.#names
  }

  /** True when the first row was seen. */
  get known(): boolean {
    return this.#names !== undefined
  }

  /**
   * The record of a row, or why it is none; nothing for the header and for lines that hold nothing (`blank`: not even
   * quotes).
   * @throws NodeError where the header names a field twice
   */
  record(
    fields: string[],
    line: number,
    blank: boolean,
  ): { record: DataRecord } | { reason: string } | undefined {
    if (this.#names === undefined) {
      if (blank) return undefined
      this.#names = this.#options.header
        ? this.#header(fields, line)
        : fields.map((_, index) => `column${index + 1}`)
      this.#hasProto = this.#names.includes('__proto__')
      if (this.#options.header) return undefined
    }
    const names = this.#names
    if (fields.length !== names.length) {
      if (blank) return undefined
      const first = this.#options.header ? 'the header' : 'the first row'
      return { reason: `The row has ${plural(fields.length)}, but ${first} has ${names.length}.` }
    }
    if (this.#hasProto) {
      return { record: Object.fromEntries(names.map((name, i) => [name, this.#value(fields[i]!)])) }
    }
    const record: Record<string, Value> = {}
    for (let i = 0; i < names.length; i++) record[names[i]!] = this.#value(fields[i]!)
    return { record }
  }

  /** @throws NodeError where the header is still to come: without names no row can be read */
  refuseBadHeader(reason: string, line: number): void {
    if (!this.#options.header || this.#names !== undefined) return
    throw new NodeError(`The header of ${this.#options.name} (line ${line}) cannot be read. ${reason}`, {
      remedy: 'Repair the first row, or turn off the header.',
      field: 'header',
    })
  }

  #value(text: string): Value {
    return this.#infer ? inferValue(text) : text
  }

  #header(fields: string[], line: number): string[] {
    const names = fields.map((name, index) => (name === '' ? `column${index + 1}` : name))
    const doubled = names.find((name, index) => names.indexOf(name) !== index)
    if (doubled === undefined) return names
    throw new NodeError(`The header of ${this.#options.name} (line ${line}) names "${doubled}" twice.`, {
      remedy: 'Rename one of the columns, or turn off the header to read them as column1, column2, …',
      field: 'header',
    })
  }
}

function plural(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`
}

/** Names the fields of CSV rows: from the header, or by position. */
import { compileWith } from '../spec/compile-with.ts'
import type { DataRecord } from '../spec/node.ts'
import { NodeError } from '../spec/node-error.ts'
import { literalText } from '../spec/record-shaper.ts'
import { inferValue } from './csv-value.ts'

export interface ColumnOptions {
  /** Of the file or stream, for messages. */
  name: string
  header: boolean
  types: 'infer' | 'text'
}

/** Wider records are put together field by field: V8 would not make so large a literal at once. */
const MOST_IN_LITERAL = 200

type Make = (fields: readonly string[]) => DataRecord

export class CsvColumns {
  readonly #options: ColumnOptions
  readonly #infer: boolean
  #names: string[] | undefined
  #make: Make = () => ({})

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
      this.#make = makerFor(this.#names, this.#infer)
      if (this.#options.header) return undefined
    }
    const names = this.#names
    if (fields.length !== names.length) {
      if (blank) return undefined
      const first = this.#options.header ? 'the header' : 'the first row'
      return { reason: `The row has ${plural(fields.length)}, but ${first} has ${names.length}.` }
    }
    return { record: this.#make(fields) }
  }

  /** @throws NodeError where the header is still to come: without names no row can be read */
  refuseBadHeader(reason: string, line: number): void {
    if (!this.#options.header || this.#names !== undefined) return
    throw new NodeError(`The header of ${this.#options.name} (line ${line}) cannot be read. ${reason}`, {
      remedy: 'Repair the first row, or turn off the header.',
      field: 'header',
    })
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

let last: { of: string; make: Make } | undefined

/** Files of one pattern mostly have the same fields. What makes their records is the same then, and V8 compiles it once. */
function makerFor(names: readonly string[], infer: boolean): Make {
  const of = JSON.stringify([infer, names])
  if (last?.of !== of) last = { of, make: makerOf(names, infer ? inferValue : (text) => text) }
  return last.make
}

/** Makes the record of a row; as one literal, which costs a tenth of setting field after field by its name. */
function makerOf(names: readonly string[], value: typeof inferValue): Make {
  if (names.length > MOST_IN_LITERAL)
    return (fields) => Object.fromEntries(names.map((name, at) => [name, value(fields[at]!)]))
  const literal = literalText(names.map((to, at) => ({ to, value: `weir_value(fields[${at}])` })))
  return compileWith<Make>(`return (fields) => (${literal})`, { weir_value: value })
}

function plural(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`
}

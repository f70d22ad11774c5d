/**
 * Users' expressions over columns: each read of a field becomes a read of its column, in a loop over the rows of a
 * block. Texts are made only where an expression gets to see them.
 */
import { checkExpression } from '../spec/expression.ts'
import { compileWith } from '../spec/compile-with.ts'
import {
  GONE_UNSURE,
  KIND_FALSE,
  KIND_NULL,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  KIND_TRUE,
} from './layout.ts'
import { fieldReads, type FieldRead } from './read-fields.ts'

/** One column, seen from JavaScript. Indexed by row, but for `bytes`, which is the kernel's whole memory. */
export interface ColumnView {
  kind: Uint8Array
  start: Uint32Array
  end: Uint32Array
  num: Float64Array
}

/** Rows that a scanner made. */
export interface RowsView {
  rows: number
  /** ROW_OK, … */
  flag: Uint8Array
  /** 0 for rows that are still there. */
  gone: Uint8Array
  /** By the index that `columnOf` gave. */
  columns: readonly ColumnView[]
  bytes: Buffer
  /** All bytes of the block are ASCII. */
  ascii: boolean
}

/** Reads a value of the kind OTHER. */
export type ReadOther = (text: string) => unknown

export interface ColumnCode {
  /** The expression, with reads of columns in the place of reads of fields. */
  body: string
  fields: readonly string[]
}

/** Where a field is found: the index of its column, or the name of a variable of the loop (`weir_…`). */
export type FieldPlace = number | string

/** The expression over columns; undefined where it cannot be had: see `fieldReads`. */
export function columnCode(source: string, placeOf: (name: string) => FieldPlace): ColumnCode | undefined {
  if (checkExpression(source)) return undefined
  const reads = fieldReads(source)
  if (!reads) return undefined
  let body = ''
  let at = 0
  for (const read of reads) {
    body += source.slice(at, read.start) + readText(read, placeOf(read.name))
    at = read.end
  }
  // The line break keeps a trailing comment from swallowing the bracket.
  return { body: `(${body}${source.slice(at)}\n)`, fields: [...new Set(reads.map(({ name }) => name))] }
}

function readText({ equals }: FieldRead, place: FieldPlace): string {
  if (typeof place === 'string') {
    return equals
      ? `(${place} ${equals.negated ? '!==' : '==='} ${JSON.stringify(equals.text)})`
      : `(${place})`
  }
  const column = place
  if (equals) {
    return `(${equals.negated ? '!' : ''}weir_same(${column}, weir_row, ${JSON.stringify(equals.text)}))`
  }
  return `(weir_kind${column}[weir_row] === ${KIND_NUMBER} ? weir_num${column}[weir_row] : weir_value(${column}, weir_row))`
}

/** Marks the rows for which a condition does not hold, and with GONE_UNSURE those for which it throws. */
export type ColumnFilter = (view: RowsView, mark: number) => void

/** The condition over columns; undefined where it needs whole records. */
export function columnFilter(
  condition: string,
  columnOf: (name: string) => number,
  readOther: ReadOther,
): ColumnFilter | undefined {
  const code = columnCode(condition, columnOf)
  if (!code) return undefined
  const columns = [...new Set(code.fields.map(columnOf))]
  const reader = new ValueReader(readOther)
  return compileWith<ColumnFilter>(
    `return (weir_view, weir_mark) => {
      const { rows: weir_rows, flag: weir_flag, gone: weir_gone, columns: weir_columns } = weir_view
      ${columns.map((i) => `const weir_kind${i} = weir_columns[${i}].kind, weir_num${i} = weir_columns[${i}].num`).join('\n')}
      weir_reader.view = weir_view
      for (let weir_row = 0; weir_row < weir_rows; weir_row++) {
        if (weir_flag[weir_row] !== 0 || weir_gone[weir_row] !== 0) continue
        try {
          if (!${code.body}) weir_gone[weir_row] = weir_mark
        } catch {
          weir_gone[weir_row] = ${GONE_UNSURE}
        }
      }
    }`,
    {
      weir_reader: reader,
      weir_value: (column: number, row: number) => reader.value(column, row),
      weir_same: (column: number, row: number, text: string) => reader.same(column, row, text),
    },
  )
}

/** Makes JavaScript values of what columns hold. */
export class ValueReader {
  readonly #other: ReadOther
  readonly #texts = new Map<string, Buffer>()
  view!: RowsView

  constructor(readOther: ReadOther) {
    this.#other = readOther
  }

  /** What the record has in the field; undefined where it has none. */
  value(column: number, row: number): unknown {
    const { kind, num } = this.view.columns[column]!
    switch (kind[row]) {
      case KIND_NUMBER:
        return num[row]
      case KIND_TEXT:
        return this.#text(column, row)
      case KIND_NULL:
        return null
      case KIND_TRUE:
        return true
      case KIND_FALSE:
        return false
      case KIND_OTHER:
        return this.#other(this.#text(column, row))
      default:
        return undefined
    }
  }

  /** Whether the field is this text. */
  same(column: number, row: number, text: string): boolean {
    const { kind, start, end } = this.view.columns[column]!
    if (kind[row] !== KIND_TEXT) return kind[row] === KIND_OTHER && this.value(column, row) === text
    let wanted = this.#texts.get(text)
    if (!wanted) this.#texts.set(text, (wanted = Buffer.from(text)))
    const from = start[row]!
    if (end[row]! - from !== wanted.length) return false
    const { bytes } = this.view
    for (let i = 0; i < wanted.length; i++) if (bytes[from + i] !== wanted[i]) return false
    return true
  }

  #text(column: number, row: number): string {
    const { start, end } = this.view.columns[column]!
    const { bytes, ascii } = this.view
    return bytes.toString(ascii ? 'latin1' : 'utf8', start[row], end[row])
  }
}

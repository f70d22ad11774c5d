/** The one line that a cell of the records grid shows for a value. */
import type { Column } from './columns.ts'
import { isPlainObject } from './columns.ts'

export interface Cell {
  text: string
  /** Quiet cells say that there is nothing: null, an empty text, a missing field. */
  quiet: boolean
}

/** Cells are cut here; the JSON beside the grid shows the rest. */
const MAX_TEXT = 300
/** U+202F: narrow, and never a place to break. */
const THIN_SPACE = '\u202f'

/** The value that a record has in a column; undefined where it has none. */
export function valueIn(record: unknown, column: Column): unknown {
  const object = isPlainObject(record)
  if (column.self) return object ? undefined : record
  return object && Object.hasOwn(record, column.name) ? record[column.name] : undefined
}

export function cellOf(value: unknown, column: Column): Cell {
  if (value === undefined) return { text: '', quiet: true }
  if (value === null) return { text: 'null', quiet: true }
  if (value === '') return { text: '""', quiet: true }
  if (typeof value === 'number') return { text: numberText(value, column.grouped), quiet: false }
  if (typeof value === 'string') return { text: oneLine(value), quiet: false }
  if (typeof value === 'object') return { text: oneLine(JSON.stringify(value)), quiet: false }
  return { text: String(value), quiet: false }
}

/** Sets the thousands apart, for reading only: what is copied keeps its plain digits. */
export function numberText(value: number, grouped: boolean): string {
  const plain = String(value)
  const parts = grouped && /^(-?)(\d+)(\.\d+)?$/.exec(plain)
  if (!parts) return plain
  const [, sign = '', whole = '', fraction = ''] = parts
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) + fraction
}

/** A count for notes and headings: 2 377 114. */
export function countText(count: number): string {
  return numberText(count, true)
}

function oneLine(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  return cut.replace(/\r\n|\r|\n/g, '↵').replaceAll('\t', '⇥')
}

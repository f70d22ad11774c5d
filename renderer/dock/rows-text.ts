/** Records as text for the clipboard: JSON, or CSV with the grid's columns. */
import { valueIn } from './cell-text.ts'
import type { Column } from './columns.ts'

/** One record alone stands as itself; several make a list. */
export function rowsAsJson(records: readonly unknown[]): string {
  const [only] = records
  return JSON.stringify(records.length === 1 ? only : records, null, 2)
}

/** RFC 4180 with a header line; objects stand as JSON in their cell. */
export function rowsAsCsv(records: readonly unknown[], columns: readonly Column[]): string {
  const lines = records.map((record) => columns.map((column) => csvCell(valueIn(record, column))).join(','))
  return [columns.map((column) => csvCell(column.name)).join(','), ...lines, ''].join('\r\n')
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

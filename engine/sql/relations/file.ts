/** Parquet files as a relation: all of their columns, and the number of each row as its place. */
import { fourDigitYears } from '../comparing.ts'
import type { ParquetColumn, ParquetFacts } from '../parquet-facts.ts'
import type { Names, Relation } from '../relation.ts'
import { LARGEST, quoteName, quoteText, refuse } from '../typed.ts'
import type { NumberSql, OpaqueSql, Typed } from '../typed.ts'
import type { ParquetKind } from '../../formats/parquet-values.ts'

/** DuckDB's own columns; a file may not have one of these names. */
const OWN = ['file_row_number', 'file_index', 'filename']
/** No file has as many rows. */
const FILE = 2n ** 40n

/** @throws Refusal @returns the relation, and as `scan` a part of its text that is in no other statement but those that read it */
export function fileRelation(facts: ParquetFacts, names: Names): { relation: Relation; scan: string } {
  const seen = new Set<string>(OWN)
  const fields = new Map<string, Typed>()
  const columns: string[] = []
  for (const column of facts.columns) {
    const { name } = column
    const plain = name.toLowerCase()
    if (seen.has(plain) || name === '__proto__') refuse(`a column that is called “${name}”`)
    seen.add(plain)
    const own = names.next('c')
    const { sql, typed } = columnOf(column, quoteName(name), own)
    fields.set(name, typed)
    columns.push(`${sql} AS ${own}`)
  }
  const place = names.next('p')
  const several = facts.files.length > 1
  columns.push(`${several ? `file_index * ${FILE} + file_row_number` : 'file_row_number'} AS ${place}`)
  const paths = facts.files.map(({ path }) => quoteText(literalPath(path)))
  const scan = `AS ${place} FROM ${reading(paths)}`
  const sql = `SELECT ${columns.join(', ')} FROM ${reading(paths)}`
  const places = several ? FILE * BigInt(facts.files.length) : BigInt(facts.rows)
  const relation = { sql, fields, order: [place], places, most: facts.rows, some: facts.rows > 0 }
  return { relation, scan }
}

const reading = (paths: readonly string[]) => `read_parquet([${paths.join(', ')}])`

/** A part of one file that may stand for all that is read: `rows` records from `from` on, by their number in the file. */
export function pieceOf({ path, from, rows }: { path: string; from: number; rows: number }): string {
  const read = reading([quoteText(literalPath(path))])
  const where = `file_row_number >= ${from} AND file_row_number < ${from + rows}`
  return `(SELECT *, file_row_number, file_index FROM ${read} WHERE ${where} LIMIT ${rows})`
}

/** DuckDB takes these characters of a path for wildcards. */
function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]')
}

interface Column {
  sql: string
  typed: Typed
}

function columnOf({ kind, nullable, bounds }: ParquetColumn, name: string, own: string): Column {
  const opaque = (why: string, out?: OpaqueSql['out']): Column => ({
    sql: name,
    typed: { kind: 'opaque', sql: own, nullable, why, ...(out && { out }) },
  })
  switch (kind?.kind) {
    case undefined:
      return opaque('lists and objects')
    case 'boolean':
      return { sql: name, typed: { kind: 'boolean', sql: own, nullable } }
    case 'text':
      return { sql: `CAST(${name} AS VARCHAR)`, typed: { kind: 'text', sql: own, nullable } }
    case 'uuid':
      return { sql: `CAST(${name} AS VARCHAR)`, typed: { kind: 'text', sql: own, nullable } }
    case 'float':
      return { sql: `CAST(${name} AS DOUBLE)`, typed: { kind: 'number', sql: own, nullable, nan: true } }
    case 'integer': {
      const whole = wholeOf(kind, bounds)
      const typed: NumberSql = { kind: 'number', sql: own, nullable, nan: false }
      return whole
        ? { sql: name, typed: { ...typed, whole } }
        : opaque('whole numbers beyond 2^53', kind.signed ? 'integer' : 'unsigned')
    }
    case 'decimal': {
      if (kind.precision > 15) return opaque('decimals of more than 15 digits', { scale: kind.scale })
      const typed: NumberSql = { kind: 'number', sql: own, nullable, nan: false }
      if (kind.scale > 0) return { sql: `CAST(${name} AS DOUBLE)`, typed }
      const most = 10 ** kind.precision - 1
      return { sql: `CAST(${name} AS BIGINT)`, typed: { ...typed, whole: { min: -most, max: most } } }
    }
    case 'date':
    case 'timestamp':
      return timeOf(kind, { nullable, bounds, name, own })
    case 'bytes':
      return opaque('bytes', 'bytes')
    case 'time':
      return opaque('times of day')
    case 'int96':
      return opaque('timestamps of 12 bytes')
  }
}

function wholeOf(
  { bits, signed }: ParquetKind & { kind: 'integer' },
  bounds: ParquetColumn['bounds'],
): NumberSql['whole'] {
  if (bounds) {
    const whole = { min: Number(bounds.min), max: Number(bounds.max) }
    return whole.min >= -LARGEST && whole.max <= LARGEST ? whole : undefined
  }
  if (bits === 64) return undefined
  const half = 2 ** (bits - 1)
  return signed ? { min: -half, max: half - 1 } : { min: 0, max: 2 * half - 1 }
}

interface TimeColumn {
  nullable: boolean
  bounds: ParquetColumn['bounds']
  name: string
  own: string
}

/** Where all years have four digits, the order of the texts is that of the times. */
function timeOf(kind: ParquetKind & { kind: 'date' | 'timestamp' }, column: TimeColumn): Column {
  const { nullable, bounds, name, own } = column
  const digits = kind.kind === 'date' ? 0 : kind.digits
  const ticks =
    kind.kind === 'date'
      ? `(${own} - DATE '1970-01-01')`
      : `${{ 3: 'epoch_ms', 6: 'epoch_us', 9: 'epoch_ns' }[kind.digits]}(${own})`
  const years = fourDigitYears(digits)
  if (!bounds || bounds.min < years.min || bounds.max > years.max)
    return { sql: name, typed: { kind: 'opaque', sql: own, nullable, why: 'times beyond the year 9999' } }
  const utc = kind.kind === 'timestamp' && kind.utc
  return { sql: name, typed: { kind: 'time', sql: own, nullable, ticks, time: { digits, utc } } }
}

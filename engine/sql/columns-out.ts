/** The way of a record out of DuckDB: what each field is asked for as, and how its value is made of that. */
import { decimalValue, integerValue, isoDate, isoTimestamp } from '../formats/parquet-values.ts'
import type { Relation } from './relation.ts'
import { asDouble, refuse } from './typed.ts'
import type { Typed } from './typed.ts'

export interface ColumnOut {
  name: string
  /** From what DuckDB gives, null apart; absent where it is the value. */
  make?: (raw: unknown) => unknown
}

/** The statement that gives a relation's records in order. @throws Refusal */
export function columnsOut(relation: Relation): { sql: string; columns: ColumnOut[] } {
  const { sql, columns } = unorderedOut(relation)
  return { sql: `${sql} ORDER BY ${relation.order.join(', ')}`, columns }
}

/**
 * The same with one more column, which is null, and one more row behind all others in which it is true. Where
 * DuckDB fails while it gives records, its binding takes that for their end: without this row it was not the end.
 * @throws Refusal
 */
export function sealedOut(relation: Relation): { sql: string; columns: ColumnOut[] } {
  const sql = `SELECT * FROM (${relation.sql}) UNION ALL BY NAME SELECT ${END} FROM ${SEAL}`
  const { selected, columns } = selectedOf(relation)
  const order = [`${END} NULLS FIRST`, ...relation.order].join(', ')
  return { sql: `SELECT ${[...selected, END].join(', ')} FROM (${sql}) ORDER BY ${order}`, columns }
}

/** The column that marks the end. */
const END = 'weir_end'
const SEAL = 'weir_seal'
/** Makes the table of the row that marks the end: of a statement with a row out of nowhere DuckDB does not tell how far it is. */
export const MAKE_SEAL = `CREATE TABLE ${SEAL} AS SELECT TRUE AS ${END}`

/** The same in whatever order DuckDB has them. @throws Refusal */
export function unorderedOut(relation: Relation): { sql: string; columns: ColumnOut[] } {
  const { selected, columns } = selectedOf(relation)
  return { sql: `SELECT ${selected.join(', ')} FROM (${relation.sql})`, columns }
}

function selectedOf({ fields }: Relation): { selected: string[]; columns: ColumnOut[] } {
  const columns: ColumnOut[] = []
  const selected = [...fields].map(([name, typed], at) => {
    const out = outOf(typed, name)
    columns.push({ name, ...(out.make && { make: out.make }) })
    return `${out.sql} AS o${at}`
  })
  if (selected.length === 0) return refuse('records without fields')
  return { selected, columns }
}

interface Out {
  sql: string
  make?: (raw: unknown) => unknown
}

function outOf(typed: Typed, name: string): Out {
  switch (typed.kind) {
    case 'number':
      return { sql: asDouble(typed) }
    case 'text':
    case 'boolean':
      return { sql: typed.sql }
    case 'null':
      return { sql: 'CAST(NULL AS DOUBLE)' }
    case 'undefined':
      return refuse('a value that is undefined')
    case 'time': {
      const { digits, utc } = typed.time
      const sql = `CAST(${typed.ticks} AS BIGINT)`
      if (digits === 0) return { sql, make: (raw) => isoDate(Number(raw as bigint)) }
      return { sql, make: (raw) => isoTimestamp(raw as bigint, digits, utc) }
    }
    case 'opaque':
      return opaqueOut(typed, name)
  }
}

function opaqueOut({ sql, out, why }: Typed & { kind: 'opaque' }, name: string): Out {
  if (out === undefined) return refuse(`the field “${name}” (${why})`)
  if (out === 'integer' || out === 'unsigned') return { sql, make: (raw) => integerValue(raw as bigint) }
  if (out === 'bytes') return { sql, make: (raw) => new Uint8Array((raw as { bytes: Uint8Array }).bytes) }
  const { scale } = out
  return {
    sql: `CAST(${sql} AS VARCHAR)`,
    make: (raw) => decimalValue(BigInt((raw as string).replace('.', '')), scale),
  }
}

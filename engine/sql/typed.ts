/**
 * A value of a record as DuckDB computes it: the text of an expression and what is known of its result. SQL's NULL
 * stands for JavaScript's null, or for undefined where `missing` says so.
 */
import type { Digits } from '../formats/parquet-values.ts'

interface Common {
  sql: string
  /** May be NULL. */
  nullable: boolean
  /** NULL means undefined: only good for what treats both alike. */
  missing?: boolean
}

/** Of a whole-number type of SQL where `whole` is there, with the bounds of its values; DOUBLE where it is not. */
export interface NumberSql extends Common {
  kind: 'number'
  whole?: { min: number; max: number }
  /** May be NaN. */
  nan: boolean
  constant?: number
}

export interface TextSql extends Common {
  kind: 'text'
  constant?: string
}

export interface BooleanSql extends Common {
  kind: 'boolean'
  /** True just where `sql` is; else false or NULL, which is the same in a WHERE and is pushed down further. */
  where?: string
}

/** A date or timestamp, which is text in a record: `sql` is DuckDB's own type, `ticks` its number since 1970. */
export interface TimeSql extends Common {
  kind: 'time'
  ticks: string
  time: { digits: Digits | 0; utc: boolean }
}

/** A value that passes through and is not looked at. */
export interface OpaqueSql extends Common {
  kind: 'opaque'
  /** What it is, for the reason why it is not looked at. */
  why: string
  /** How it leaves DuckDB: as a whole number of 64 bits, bytes, or a decimal. Absent: it cannot. */
  out?: 'integer' | 'unsigned' | 'bytes' | { scale: number }
}

export interface NothingSql extends Common {
  kind: 'null' | 'undefined'
}

export type Typed = NumberSql | TextSql | BooleanSql | TimeSql | OpaqueSql | NothingSql

/** Why something cannot be said in SQL: half a sentence, for the reasons that people read. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

export function refuse(why: string): never {
  throw new Refusal(why)
}

export const LARGEST = Number.MAX_SAFE_INTEGER

/** A name in SQL. */
export function quoteName(name: string): string {
  if (name.includes('\0')) refuse('a name with a NUL character')
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in SQL. */
export function quoteText(text: string): string {
  if (text.includes('\0') || !isWellFormed(text)) refuse('a text that SQL cannot hold')
  return `'${text.replaceAll("'", "''")}'`
}

/** Node 18's library has no isWellFormed; an unpaired half of a character is no UTF-8. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDFFF]/.test(text.replaceAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, ''))
}

export function numberConstant(value: number): NumberSql {
  const common = { kind: 'number' as const, nullable: false, constant: value }
  if (Number.isSafeInteger(value) && !Object.is(value, -0))
    return { ...common, sql: `(${value})`, whole: { min: value, max: value }, nan: false }
  return {
    ...common,
    sql: `CAST('${value === 0 ? '-0' : String(value)}' AS DOUBLE)`,
    nan: Number.isNaN(value),
  }
}

/** The Typed of a constant of JavaScript. */
export function constantOf(value: unknown): Typed {
  if (value === null) return { kind: 'null', sql: 'NULL', nullable: true }
  if (value === undefined) return { kind: 'undefined', sql: 'NULL', nullable: true, missing: true }
  if (typeof value === 'number') return numberConstant(value)
  if (typeof value === 'string')
    return { kind: 'text', sql: quoteText(value), nullable: false, constant: value }
  if (typeof value === 'boolean') return truthOf(value ? 'TRUE' : 'FALSE')
  return refuse('a constant that is no number, text or boolean')
}

/** A boolean that is never null. */
export function truthOf(sql: string, where?: string): BooleanSql {
  return { kind: 'boolean', sql, nullable: false, ...(where !== undefined && { where }) }
}

/** Where it is true, as a condition that may be NULL where it is false. */
export function whereOf({ sql, where }: BooleanSql): string {
  return where ?? sql
}

/** As DOUBLE; NULL stays. */
export function asDouble(value: NumberSql): string {
  if (value.constant !== undefined && value.whole) return `CAST(${value.constant} AS DOUBLE)`
  return value.whole ? `CAST(${value.sql} AS DOUBLE)` : value.sql
}

/** Says so where NULL would mean undefined, which few operators take for the same as null. */
export function noMissing<Value extends Typed>(value: Value): Value {
  if (value.missing) refuse('a value that may be undefined')
  return value
}

/**
 * The text so that its order as UTF-8 is JavaScript's order by UTF-16 units. The two differ for the characters from
 * U+E000 to U+FFFF, which JavaScript puts behind those beyond: here they move behind as well, marked by the last
 * character there is, which with its neighbour is marked in turn. ASCII, as nearly all is, stays as it is.
 */
export function textOrder(sql: string): string {
  const marked =
    `regexp_replace(regexp_replace(${sql}, '([\\x{10FFFE}\\x{10FFFF}])', chr(1114110) || '\\1', 'g'), ` +
    `'([\\x{E000}-\\x{FFFF}])', chr(1114111) || '\\1', 'g')`
  return `(CASE WHEN strlen(${sql}) = length(${sql}) THEN ${sql} ELSE ${marked} END)`
}

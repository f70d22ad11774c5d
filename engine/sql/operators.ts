/** The operators of JavaScript that make numbers and texts, over typed SQL, each only where the meaning is the same. */
import { number } from './comparing.ts'
import { asDouble, LARGEST, noMissing, numberConstant, refuse } from './typed.ts'
import type { BooleanSql, NumberSql, TextSql, Typed } from './typed.ts'

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/** Whole numbers stay whole where nothing can be lost, not even the sign of a zero; all else is DOUBLE. */
export function calculate(operator: Arithmetic, left: Typed, right: Typed): Typed {
  if (operator === '+' && (left.kind === 'text' || right.kind === 'text')) return join(left, right)
  const a = number(left)
  const b = number(right)
  const whole = a.whole && b.whole && wholeResult(operator, a.whole, b.whole)
  const large = (value: NumberSql) => `CAST(${value.sql} AS BIGINT)`
  if (whole) {
    return {
      kind: 'number',
      sql: `(${large(a)} ${operator} ${large(b)})`,
      nullable: false,
      nan: false,
      whole,
    }
  }
  const finite = a.whole !== undefined && b.whole !== undefined && operator !== '/' && operator !== '%'
  return { kind: 'number', sql: `(${asDouble(a)} ${operator} ${asDouble(b)})`, nullable: false, nan: !finite }
}

interface Bounds {
  min: number
  max: number
}

function wholeResult(operator: Arithmetic, a: Bounds, b: Bounds): Bounds | undefined {
  const bounds = (min: number, max: number) => (min >= -LARGEST && max <= LARGEST ? { min, max } : undefined)
  switch (operator) {
    case '+':
      return bounds(a.min + b.min, a.max + b.max)
    case '-':
      return bounds(a.min - b.max, a.max - b.min)
    case '*':
      // 0 times a negative number is -0, which whole numbers of SQL do not have.
      return a.min >= 0 && b.min >= 0 ? bounds(a.min * b.min, a.max * b.max) : undefined
    case '%':
      return a.min >= 0 && b.min > 0 ? bounds(0, Math.min(a.max, b.max - 1)) : undefined
    case '/':
      return undefined
  }
}

export function negate(value: Typed): NumberSql {
  const a = number(value)
  if (a.constant !== undefined) return numberConstant(-a.constant)
  return { kind: 'number', sql: `(-${asDouble(a)})`, nullable: false, nan: a.nan }
}

function join(left: Typed, right: Typed): TextSql {
  // Null is no text: with a number it makes a number.
  const text = [left, right].some((side) => side.kind === 'text' && !side.nullable)
  if (!text) refuse('“+” of texts that may be null')
  return { kind: 'text', sql: `(${textOf(left)} || ${textOf(right)})`, nullable: false }
}

/** As JavaScript makes a text of it, where DuckDB makes the same. */
export function textOf(value: Typed): string {
  noMissing(value)
  const orNull = (sql: string) => (value.nullable ? `coalesce(${sql}, 'null')` : sql)
  if (value.kind === 'text') return orNull(value.sql)
  if (value.kind === 'null') return "'null'"
  if (value.kind === 'number' && value.whole) return orNull(`CAST(${value.sql} AS VARCHAR)`)
  if (value.kind === 'boolean')
    return orNull(`CASE WHEN ${value.sql} THEN 'true' WHEN NOT ${value.sql} THEN 'false' END`)
  return refuse('other values than texts and whole numbers made into text')
}

/** One of two values: both of one kind, or null. */
export function choose(test: BooleanSql, a: Typed, b: Typed): Typed {
  noMissing(a)
  noMissing(b)
  const pick = (x: string, y: string) => `(CASE WHEN ${test.sql} THEN ${x} ELSE ${y} END)`
  if (a.kind === 'undefined' || b.kind === 'undefined') return refuse('a value that may be undefined')
  if (a.kind === 'null' && b.kind === 'null') return a
  if (a.kind === 'null' || b.kind === 'null') {
    const some = a.kind === 'null' ? b : a
    if (some.kind === 'time') return refuse('times chosen by a condition')
    return orNull(some, pick(a.sql, b.sql))
  }
  const nullable = a.nullable || b.nullable
  if (a.kind === 'number' && b.kind === 'number') {
    if (a.whole && b.whole) {
      const whole = { min: Math.min(a.whole.min, b.whole.min), max: Math.max(a.whole.max, b.whole.max) }
      return { kind: 'number', sql: pick(a.sql, b.sql), nullable, nan: false, whole }
    }
    return { kind: 'number', sql: pick(asDouble(a), asDouble(b)), nullable, nan: a.nan || b.nan }
  }
  if (a.kind === 'text' && b.kind === 'text') return { kind: 'text', sql: pick(a.sql, b.sql), nullable }
  if (a.kind === 'boolean' && b.kind === 'boolean')
    return { kind: 'boolean', sql: pick(a.sql, b.sql), nullable }
  return refuse('a value of two kinds')
}

/** The kind of a value, given by another expression that may be null. */
function orNull(value: Typed, sql: string): Typed {
  if (value.kind === 'number') {
    const { nan, whole } = value
    return { kind: 'number', sql, nullable: true, nan, ...(whole && { whole }) }
  }
  if (value.kind === 'text' || value.kind === 'boolean') return { kind: value.kind, sql, nullable: true }
  return { ...value, sql, nullable: true }
}

/** Truth, equality and order of JavaScript over typed SQL, each only where the meaning is the same. */
import { isoDate, isoTimestamp } from '../formats/parquet-values.ts'
import { asDouble, noMissing, numberConstant, refuse, textOrder, truthOf, whereOf } from './typed.ts'
import type { BooleanSql, NumberSql, TextSql, TimeSql, Typed } from './typed.ts'

export type Relational = '<' | '<=' | '>' | '>='

/** Whether JavaScript takes the value for true. */
export function truth(value: Typed): BooleanSql {
  switch (value.kind) {
    case 'null':
    case 'undefined':
      return truthOf('FALSE')
    case 'boolean':
      return value.nullable ? truthOf(`coalesce(${value.sql}, FALSE)`, value.sql) : value
    case 'number': {
      const zero = value.whole ? '0' : "CAST('0' AS DOUBLE)"
      const some = `${value.sql} <> ${zero}`
      return sure(value.nan ? `(${some} AND NOT isnan(${value.sql}))` : `(${some})`, value.nullable)
    }
    case 'text':
      return sure(`(${value.sql} <> '')`, value.nullable)
    case 'time':
      return truthOf(`(${value.sql} IS NOT NULL)`)
    case 'opaque':
      return refuse(value.why)
  }
}

function sure(sql: string, nullable: boolean, nullMeans = false): BooleanSql {
  if (!nullable) return truthOf(sql)
  return truthOf(`coalesce(${sql}, ${nullMeans ? 'TRUE' : 'FALSE'})`, nullMeans ? undefined : sql)
}

export function not(value: BooleanSql): BooleanSql {
  return truthOf(`(NOT ${value.sql})`)
}

export function and(a: BooleanSql, b: BooleanSql): BooleanSql {
  // `b` may lean on what `a` says, so it may be NULL where `a` is false; false AND NULL is false.
  return truthOf(`(${a.sql} AND ${b.sql})`, `(${whereOf(a)} AND ${whereOf(b)})`)
}

export function or(a: BooleanSql, b: BooleanSql): BooleanSql {
  return truthOf(`(${a.sql} OR ${b.sql})`, `(${whereOf(a)} OR ${whereOf(b)})`)
}

export function isNothing(value: Typed): BooleanSql {
  if (value.kind === 'null' || value.kind === 'undefined') return truthOf('TRUE')
  return truthOf(value.nullable ? `(${value.sql} IS NULL)` : 'FALSE')
}

/** `===`; `==` too, where both sides are of one kind or one is null (`loose`). */
export function equal(left: Typed, right: Typed, loose: boolean): BooleanSql {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (one.kind !== 'null' && one.kind !== 'undefined') continue
    if (loose) return isNothing(other)
    if (other.kind === 'null' || other.kind === 'undefined') return truthOf(same(one.kind === other.kind))
    if (one.kind === 'undefined') return other.missing ? isNothing(other) : truthOf('FALSE')
    return isNothing(noMissing(other))
  }
  const a = noMissing(left)
  const b = noMissing(right)
  if (a.kind === 'opaque') return refuse(a.why)
  if (b.kind === 'opaque') return refuse(b.why)
  if (a.kind === 'time' || b.kind === 'time') return equalTimes(a, b)
  if (a.kind !== b.kind) {
    if (loose) return refuse('“==” of values of two kinds')
    return truthOf(a.nullable && b.nullable ? `(${a.sql} IS NULL AND ${b.sql} IS NULL)` : 'FALSE')
  }
  const alike = equals(a, b)
  if (a.nullable && b.nullable)
    return truthOf(`(coalesce(${alike}, FALSE) OR (${a.sql} IS NULL AND ${b.sql} IS NULL))`)
  return sure(alike, a.nullable || b.nullable)
}

function equals(a: Typed, b: Typed): string {
  if (a.kind !== 'number' || b.kind !== 'number') return `(${a.sql} = ${b.sql})`
  const [x, y] = a.whole && b.whole ? [a.sql, b.sql] : [asDouble(a), asDouble(b)]
  return a.nan && b.nan ? `(${x} = ${y} AND NOT isnan(${x}))` : `(${x} = ${y})`
}

const same = (value: boolean) => (value ? 'TRUE' : 'FALSE')

/** `<` and its like. */
export function compare(operator: Relational, left: Typed, right: Typed): BooleanSql {
  if (left.kind === 'undefined' || right.kind === 'undefined') return truthOf('FALSE')
  if (left.kind === 'time' || right.kind === 'time') return compareTimes(operator, left, right)
  if (left.kind === 'text' || right.kind === 'text') return compareTexts(operator, left, right)
  if (left.kind === 'number' && right.kind === 'number' && left.nullable !== right.nullable) {
    const constant = left.constant ?? right.constant
    // A null counts as 0: what that gives is known beforehand, and the column stays bare, for files to be skipped by.
    if (constant !== undefined) {
      const missing = left.missing || right.missing
      const nullMeans = !missing && evaluate(operator, left.constant ?? 0, right.constant ?? 0)
      return sure(compared(operator, left, right), true, nullMeans)
    }
  }
  return truthOf(compared(operator, number(left), number(right)))
}

function compared(operator: Relational, a: NumberSql, b: NumberSql): string {
  const [x, y] = a.whole && b.whole ? [a.sql, b.sql] : [asDouble(a), asDouble(b)]
  // DuckDB has NaN as the greatest number, equal to itself; in JavaScript nothing compares with it.
  const [large, at] = operator.startsWith('<') ? [b, y] : [a, x]
  return large.nan ? `(${x} ${operator} ${y} AND NOT isnan(${at}))` : `(${x} ${operator} ${y})`
}

function evaluate(operator: Relational, a: number | string, b: number | string): boolean {
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function compareTexts(operator: Relational, left: Typed, right: Typed): BooleanSql {
  if (left.kind !== 'text' || right.kind !== 'text') return refuse('texts compared with other values')
  noMissing(left)
  noMissing(right)
  const constant = left.constant ?? right.constant
  if (left.nullable || right.nullable) {
    if (constant === undefined) return refuse('texts that may be null compared with each other')
    const nullMeans = evaluate(operator, numberOf(left), numberOf(right))
    return sure(comparedTexts(operator, left, right), true, nullMeans)
  }
  return truthOf(comparedTexts(operator, left, right))
}

/** As a number, the way null makes the other side one. */
const numberOf = ({ constant }: TextSql) => (constant === undefined ? 0 : Number(constant))

function comparedTexts(operator: Relational, a: TextSql, b: TextSql): string {
  const constant = a.constant ?? b.constant
  // Below the surrogates UTF-8 and UTF-16 agree on which side of the constant a text lies.
  const plain = constant !== undefined && !/[\uD800-\uFFFF]/.test(constant)
  return plain ? `(${a.sql} ${operator} ${b.sql})` : `(${textOrder(a.sql)} ${operator} ${textOrder(b.sql)})`
}

/** Bounds of the ticks of the years 1 to 9999, in which the text of a time has one width. */
export function fourDigitYears(digits: number): { min: bigint; max: bigint } {
  if (digits === 0) return { min: -719_162n, max: 2_932_896n }
  const unit = 10n ** BigInt(digits)
  return { min: -62_135_596_800n * unit, max: 253_402_300_800n * unit - 1n }
}

function textOfTime({ digits, utc }: TimeSql['time'], ticks: bigint): string {
  return digits === 0 ? isoDate(Number(ticks)) : isoTimestamp(ticks, digits, utc)
}

/** The least ticks whose text is not below (or is above) a text; one beyond the last where there are none. */
function firstTicks(time: TimeSql['time'], text: string, above: boolean): bigint {
  let { min, max } = fourDigitYears(time.digits)
  max += 1n
  while (min < max) {
    const middle = (min + max) >> 1n
    const at = textOfTime(time, middle)
    if (above ? at > text : at >= text) max = middle
    else min = middle + 1n
  }
  return min
}

/** A time is text in a record: compared with a constant text it is on one side of a certain moment. */
function compareTimes(operator: Relational, left: Typed, right: Typed): BooleanSql {
  if (left.kind === 'text' && right.kind === 'time') {
    const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const
    return compareTimes(turned[operator], right, left)
  }
  if (left.kind !== 'time' || right.kind !== 'text' || right.constant === undefined)
    return refuse('times compared with other values than constant texts')
  const first = firstTicks(left.time, right.constant, operator === '>' || operator === '<=')
  const side = operator.startsWith('>') ? '>=' : '<'
  const nullMeans = evaluate(operator, 0, Number(right.constant))
  return sure(`(${left.ticks} ${side} ${first})`, left.nullable, nullMeans)
}

function equalTimes(left: Typed, right: Typed): BooleanSql {
  const [time, text] = left.kind === 'time' ? [left, right] : [right as TimeSql, left]
  if (text.kind !== 'text' || text.constant === undefined)
    return refuse('times compared with other values than constant texts')
  const ticks = firstTicks(time.time, text.constant, false)
  const exists =
    ticks <= fourDigitYears(time.time.digits).max && textOfTime(time.time, ticks) === text.constant
  return exists ? sure(`(${time.ticks} = ${ticks})`, time.nullable) : truthOf('FALSE')
}

/** As JavaScript makes a number of it: null is 0, true is 1. */
export function number(value: Typed): NumberSql {
  noMissing(value)
  switch (value.kind) {
    case 'null':
      return numberConstant(0)
    case 'number': {
      if (!value.nullable) return value
      const { whole } = value
      const sql = `coalesce(${value.sql}, ${whole ? '0' : "CAST('0' AS DOUBLE)"})`
      const bounds = whole && { min: Math.min(0, whole.min), max: Math.max(0, whole.max) }
      return { ...value, sql, nullable: false, ...(bounds && { whole: bounds }) }
    }
    case 'boolean': {
      const sql = value.nullable ? `coalesce(${value.sql}, FALSE)` : value.sql
      return {
        kind: 'number',
        sql: `CAST(${sql} AS INTEGER)`,
        nullable: false,
        nan: false,
        whole: { min: 0, max: 1 },
      }
    }
    case 'opaque':
      return refuse(value.why)
    default:
      return refuse('arithmetic with values that are no numbers')
  }
}

/** Functions and methods of JavaScript over typed SQL, each only where the meaning is the same. */
import { asDouble, noMissing, refuse, truthOf } from './typed.ts'
import type { BooleanSql, NumberSql, TextSql, Typed } from './typed.ts'
import { number } from './comparing.ts'

const double = (sql: string, nan: boolean): NumberSql => ({ kind: 'number', sql, nullable: false, nan })

/** Functions of `Math` over DOUBLE. Those that IEEE 754 does not pin down to the last bit are not among them. */
const ROUNDING: Record<string, (x: string) => string> = {
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  trunc: (x) => `trunc(${x})`,
  // Halves go up, and what is just below a half stays below: adding 0.5 first would not do that.
  round: (x) => `(CASE WHEN ${x} - floor(${x}) >= 0.5 THEN ceil(${x}) ELSE floor(${x}) END)`,
  sqrt: (x) => `(CASE WHEN ${x} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${x}) END)`,
}

/** `Math.name(…)` */
export function mathCall(name: string, values: readonly Typed[]): NumberSql {
  const numbers = values.map(number)
  const [a, b] = numbers
  if (a && numbers.length === 1) {
    if (name === 'abs') {
      if (!a.whole) return double(`abs(${a.sql})`, a.nan)
      const { min, max } = a.whole
      const whole = { min: 0, max: Math.max(Math.abs(min), Math.abs(max)) }
      return { kind: 'number', sql: `abs(CAST(${a.sql} AS BIGINT))`, nullable: false, nan: false, whole }
    }
    const make = ROUNDING[name] ?? refuse(`Math.${name}`)
    // A whole number is its own floor, and so on.
    if (a.whole && name !== 'sqrt') return { ...a }
    return double(make(asDouble(a)), a.nan || name === 'sqrt')
  }
  if (a && b && numbers.length === 2 && (name === 'min' || name === 'max')) return extreme(name, a, b)
  return refuse(`Math.${name} of ${values.length} values`)
}

function extreme(name: 'min' | 'max', a: NumberSql, b: NumberSql): NumberSql {
  const sign = name === 'min' ? '<' : '>'
  if (a.whole && b.whole) {
    const choose = Math[name]
    const whole = { min: choose(a.whole.min, b.whole.min), max: choose(a.whole.max, b.whole.max) }
    const sql = `${name === 'min' ? 'least' : 'greatest'}(${a.sql}, ${b.sql})`
    return { kind: 'number', sql, nullable: false, nan: false, whole }
  }
  const [x, y] = [asDouble(a), asDouble(b)]
  // Of zeros the negative one is the least: adding them tells.
  const zeros = name === 'min' ? `-((-${x}) + (-${y}))` : `${x} + ${y}`
  const sql =
    `(CASE WHEN isnan(${x}) OR isnan(${y}) THEN CAST('NaN' AS DOUBLE) WHEN ${x} ${sign} ${y} THEN ${x} ` +
    `WHEN ${x} = ${y} AND ${x} = 0 THEN ${zeros} ELSE ${y} END)`
  return double(sql, a.nan || b.nan)
}

/** `Number.name(value)` */
export function numberCall(name: string, values: readonly Typed[]): BooleanSql {
  const [value] = values
  if (!value || values.length !== 1) return refuse(`Number.${name}`)
  noMissing(value)
  if (value.kind === 'opaque') return refuse(value.why)
  if (value.kind !== 'number') return truthOf('FALSE')
  const some = value.nullable ? `${value.sql} IS NOT NULL` : 'TRUE'
  switch (name) {
    case 'isNaN':
      return truthOf(value.whole ? 'FALSE' : `(${some} AND isnan(${value.sql}))`)
    case 'isFinite':
      return truthOf(value.whole ? `(${some})` : `(${some} AND isfinite(${value.sql}))`)
    default:
      return refuse(`Number.${name}`)
  }
}

const METHODS: Record<string, string> = {
  startsWith: 'starts_with',
  endsWith: 'suffix',
  includes: 'contains',
}

/** `text.name(…)`; the text is NULL only where the call is optional (`?.`), and then so is the result. */
export function textCall(name: string, text: TextSql, values: readonly Typed[]): BooleanSql {
  const [part] = values
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  if (method === undefined || values.length !== 1 || part?.kind !== 'text' || part.nullable)
    return refuse(`.${name}()`)
  const missing = text.nullable && { missing: true }
  return { kind: 'boolean', sql: `${method}(${text.sql}, ${part.sql})`, nullable: text.nullable, ...missing }
}

/** `text.length`: UTF-16 units, of which a character beyond U+FFFF has two. */
export function textLength({ sql, nullable }: TextSql): NumberSql {
  const wide = `length(regexp_replace(${sql}, '[\\x{10000}-\\x{10FFFF}]', 'aa', 'g'))`
  const length = `(CASE WHEN strlen(${sql}) = length(${sql}) THEN strlen(${sql}) ELSE ${wide} END)`
  return {
    kind: 'number',
    sql: length,
    nullable,
    nan: false,
    // A page of a Parquet file holds 2 GB at most, and so does a text.
    whole: { min: 0, max: 2 ** 31 },
    ...(nullable && { missing: true }),
  }
}

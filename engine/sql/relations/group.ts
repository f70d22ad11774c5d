/** `group` as a relation, with the number of records in each group and the place at which it was first seen. */
import type { Relation, Step } from '../relation.ts'
import { LARGEST, noMissing, refuse } from '../typed.ts'
import type { NumberSql, Typed } from '../typed.ts'
import { asKey, orderOf } from './sort.ts'

/** Below 2^63, also where the product was rounded. */
const LARGEST_SUM = 9e18

interface Config {
  by: string[]
  aggregates: { as: string; fn: string; field?: string }[]
  maxGroups?: number
}

export interface Grouped {
  relation: Relation
  /** The column that counts the records of a group. */
  count: string
  /** Groups and distinct values at most, and how many there are: a SELECT list over the relation. */
  limit?: { most: number; sql: string }
}

/** @throws Refusal */
export function groupRelation({ config, input: given, names }: Step): Grouped {
  const { by, aggregates, maxGroups } = config as unknown as Config
  const { input, place } = placed(given, names.next('p'))
  const [first, count] = [names.next('p'), names.next('n')]
  const fields = new Map<string, Typed>()
  const columns = [`min(${place}) AS ${first}`, `count(*) AS ${count}`]
  const keys: string[] = []
  const put = (as: string, { sql, typed }: Aggregate) => {
    if (as === '__proto__') refuse('a field that is called “__proto__”')
    const name = names.next('c')
    columns.push(`${sql} AS ${name}`)
    fields.set(as, renamed(typed, name))
    return name
  }
  for (const name of by) {
    const typed = fieldOf(input, name)
    if (typed.kind === 'number' && !typed.whole) {
      // The group shows the value of its first record: -0 and 0 are one group.
      keys.push(asKey(typed))
      put(name, { sql: `arg_min(${typed.sql}, ${place})`, typed })
    } else {
      keys.push(typed.sql)
      put(name, { sql: typed.sql, typed })
    }
  }
  const distinct: string[] = []
  for (const { as, fn, field } of aggregates) {
    const name = put(as, aggregateOf(fn, input, { field, place }))
    if (fn === 'distinct') distinct.push(`sum(${name})`)
  }
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''
  return {
    relation: {
      sql: `SELECT ${columns.join(', ')} FROM (${input.sql})${grouping}`,
      fields,
      order: [first],
      ...(input.places !== undefined && { places: input.places }),
      most: by.length === 0 ? 1 : input.most,
      some: input.some,
      unique: by,
    },
    count,
    ...(maxGroups !== undefined && {
      limit: { most: maxGroups, sql: ['count(*)', ...distinct].join(' + ') },
    }),
  }
}

/** One number that says a record's place. */
function placed(input: Relation, name: string): { input: Relation; place: string } {
  const [only] = input.order
  if (only !== undefined && input.order.length === 1 && !only.includes(' ')) return { input, place: only }
  const place = `row_number() OVER (ORDER BY ${input.order.join(', ')})`
  const sql = `SELECT *, ${place} AS ${name} FROM (${input.sql})`
  return { input: { ...input, sql, places: BigInt(input.most) + 1n }, place: name }
}

function fieldOf(input: Relation, name: string): Typed {
  const typed = input.fields.get(name)
  if (!typed || typed.kind === 'null' || typed.kind === 'undefined')
    return refuse(`the field “${name}”, which is not there`)
  if (typed.kind === 'opaque') return refuse(typed.why)
  return noMissing(typed)
}

function renamed(typed: Typed, name: string): Typed {
  if (typed.kind === 'time') return { ...typed, sql: name, ticks: typed.ticks.replace(typed.sql, name) }
  return { ...typed, sql: name }
}

interface Aggregate {
  sql: string
  typed: Typed
}

function aggregateOf(
  fn: string,
  input: Relation,
  { field = '', place }: { field?: string | undefined; place: string },
): Aggregate {
  const counted: NumberSql = {
    kind: 'number',
    sql: '',
    nullable: false,
    nan: false,
    whole: { min: 0, max: input.most },
  }
  if (fn === 'count') return { sql: 'count(*)', typed: counted }
  if (field === '') return refuse('records as a whole')
  const typed = fieldOf(input, field)
  switch (fn) {
    case 'sum': {
      const { sql, whole } = wholeSum(typed, input.most)
      const sum = `CAST(coalesce(${sql}, 0) AS BIGINT)`
      if (whole.min >= -LARGEST && whole.max <= LARGEST) return { sql: sum, typed: { ...counted, whole } }
      // The nearest number, as the row tier gives it.
      return {
        sql: `CAST(${sum} AS DOUBLE)`,
        typed: { kind: 'number', sql: '', nullable: false, nan: false },
      }
    }
    case 'avg': {
      const { sql } = wholeSum(typed, input.most)
      const mean = `CAST(CAST(${sql} AS BIGINT) AS DOUBLE) / CAST(count(${typed.sql}) AS DOUBLE)`
      return {
        sql: `CASE WHEN count(${typed.sql}) > 0 THEN ${mean} END`,
        typed: { kind: 'number', sql: '', nullable: true, nan: false },
      }
    }
    case 'min':
    case 'max':
      return { sql: extreme(fn, typed, place), typed: { ...typed, nullable: true } }
    case 'distinct':
      return { sql: `count(DISTINCT ${typed.kind === 'number' ? asKey(typed) : typed.sql})`, typed: counted }
    default:
      return refuse(`the aggregate ${fn}`)
  }
}

/** A sum that is exact, and a number. Sums of fractions depend on their order in DuckDB. */
function wholeSum(typed: Typed, most: number): { sql: string; whole: { min: number; max: number } } {
  if (typed.kind !== 'number') return refuse('sums of other values than numbers')
  if (!typed.whole) return refuse('sums of numbers that may be fractions')
  const whole = { min: Math.min(0, typed.whole.min * most), max: Math.max(0, typed.whole.max * most) }
  if (whole.min < -LARGEST_SUM || whole.max > LARGEST_SUM) return refuse('sums that may be beyond 2^63')
  return { sql: `sum(CAST(${typed.sql} AS BIGINT))`, whole }
}

function extreme(fn: 'min' | 'max', typed: Typed, place: string): string {
  if (typed.kind === 'text') return `arg_${fn}(${typed.sql}, ${orderOf(typed)})`
  if (typed.kind !== 'number' || typed.whole) return `${fn}(${typed.sql})`
  const { sql } = typed
  // NaN is never the least or greatest of numbers, and of zeros the first one is taken.
  const numbers = typed.nan ? ` FILTER (WHERE NOT isnan(${sql}))` : ''
  const found = `coalesce(${fn}(${sql})${numbers}, ${fn}(${sql}))`
  return `CASE WHEN ${found} = 0 THEN arg_min(${sql}, ${place}) FILTER (WHERE ${sql} = 0) ELSE ${found} END`
}

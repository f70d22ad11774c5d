/** The one order of values, used by sort, top, min and max. */
import { fieldReader, isFields } from './record-fields.ts'

export type Order = 'asc' | 'desc'

/** One level of an order. An empty field means the record itself. */
export interface SortKey {
  field?: string
  order?: Order
}

/**
 * Kinds of value come in a fixed order, whatever the direction: numbers, NaN, texts, booleans, dates, anything else,
 * and last null and missing. So a stray "n/a" is never on top of the largest numbers.
 */
function rankOf(value: unknown): number {
  if (value === null || value === undefined) return 6
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? 1 : 0
    case 'bigint':
      return 0
    case 'string':
      return 2
    case 'boolean':
      return 3
    default:
      return value instanceof Date ? 4 : 5
  }
}

/**
 * Compares within a kind in direction `sign` (1 ascending, -1 descending): numbers by size, texts by code unit, false
 * before true, dates by time. Other objects are equal, which leaves them in the order in which they came.
 */
export function compareValues(a: unknown, b: unknown, sign: 1 | -1 = 1): number {
  const type = typeof a
  if (type === typeof b && (type === 'number' || type === 'string')) {
    if ((a as number) < (b as number)) return -sign
    if ((a as number) > (b as number)) return sign
    if (a === b) return 0
  }
  const rank = rankOf(a)
  const other = rankOf(b)
  if (rank !== other) return rank - other
  if (rank === 4) return compareValues((a as Date).getTime(), (b as Date).getTime(), sign)
  if (rank === 0 || rank === 3)
    return (a as number) < (b as number) ? -sign : (a as number) > (b as number) ? sign : 0
  return 0
}

/**
 * Reads what a record is compared by. Objects have no order of their own: a record with fields, where no field was
 * named, fails rather than coming out in an order that means nothing.
 */
export function sortReader(field: string): (record: unknown) => unknown {
  if (field !== '') return fieldReader(field)
  return (record) => {
    if (isFields(record) && !(record instanceof Date)) {
      throw new Error('the record is an object, which has no order; name the field to compare')
    }
    return record
  }
}

/** Compares records by several keys, the first that differs decides. */
export function recordComparator(keys: readonly SortKey[]): (a: unknown, b: unknown) => number {
  const levels = keys.map(({ field = '', order = 'asc' }) => ({
    read: fieldReader(field),
    sign: order === 'asc' ? (1 as const) : (-1 as const),
  }))
  const [only] = levels
  if (levels.length === 1 && only) return (a, b) => compareValues(only.read(a), only.read(b), only.sign)
  return (a, b) => {
    for (const { read, sign } of levels) {
      const difference = compareValues(read(a), read(b), sign)
      if (difference !== 0) return difference
    }
    return 0
  }
}

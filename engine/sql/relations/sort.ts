/** `sort` and `top` as relations: terms of ORDER BY in the one order of values (engine/spec/compare.ts). */
import type { Names, Relation, Step } from '../relation.ts'
import { noMissing, refuse, textOrder } from '../typed.ts'
import type { Typed } from '../typed.ts'

interface SortKey {
  field?: string
  order?: 'asc' | 'desc'
}

/** @throws Refusal */
export function sortRelation({ config, input, names }: Step): Relation {
  const { maxRecords } = config
  if (typeof maxRecords === 'number' && input.most > maxRecords) refuse('its limit, which may be passed')
  return inOrder(input, config['by'] as SortKey[], names)
}

/** @throws Refusal */
export function topRelation({ config, input, names }: Step): Relation {
  const { by, n, order } = config as { by: string; n: number; order: 'asc' | 'desc' }
  const sorted = inOrder(input, [{ field: by, order }], names)
  const sql = `SELECT * FROM (${sorted.sql}) ORDER BY ${sorted.order.join(', ')} LIMIT ${n}`
  return { ...sorted, sql, most: Math.min(n, input.most), some: n > 0 && input.some }
}

function inOrder(input: Relation, keys: readonly SortKey[], names: Names): Relation {
  const columns: string[] = []
  const order: string[] = []
  for (const { field = '', order: direction = 'asc' } of keys) {
    if (field === '') refuse('records compared as a whole')
    const typed = input.fields.get(field)
    // Nothing is equal to nothing: the next key decides.
    if (!typed || typed.kind === 'null') continue
    const name = names.next('k')
    columns.push(`${orderOf(typed)} AS ${name}`)
    // NaN comes after all numbers, whatever the direction; DuckDB has it as the greatest one.
    if (typed.kind === 'number' && typed.nan) order.push(`isnan(${name}) ASC NULLS LAST`)
    order.push(`${name} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`)
  }
  const sql = columns.length === 0 ? input.sql : `SELECT *, ${columns.join(', ')} FROM (${input.sql})`
  const { places: _, ...rest } = input
  return { ...rest, sql, order: [...order, ...input.order] }
}

/** What a value is ordered by. */
export function orderOf(typed: Typed): string {
  noMissing(typed)
  switch (typed.kind) {
    case 'number':
      return asKey(typed)
    case 'text':
      return textOrder(typed.sql)
    case 'boolean':
    case 'time':
      return typed.sql
    case 'opaque':
      return refuse(typed.why)
    case 'null':
    case 'undefined':
      return 'NULL'
  }
}

/** The number such that equal ones are the same bits: -0 becomes 0. */
export function asKey(typed: Typed & { kind: 'number' }): string {
  return typed.whole ? typed.sql : `(${typed.sql} + CAST('0' AS DOUBLE))`
}

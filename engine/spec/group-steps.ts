/** What `group` makes of its groups, compiled for their columns, and what they take in memory. */
import type { Aggregate } from './aggregate.ts'
import { compileWith } from './compile-with.ts'
import type { GroupTable } from './group-table.ts'
import type { Key } from './identity.ts'
import { literalText } from './record-shaper.ts'
import type { Fields } from './record-fields.ts'
import { recordBytes } from './record-size.ts'

/** Bytes of a group beside its key, values and states: an entry of a Map; texts, whose index is smaller, take less. */
const GROUP_BYTES = 56
/** A place in a list, which grows by half. */
const PLACE_BYTES = 12

/**
 * Makes the function that says what a group of a table takes.
 * @param fields how many fields are grouped by
 */
export function groupBytes(
  fields: number,
  aggregates: readonly Aggregate[],
): (table: GroupTable, slot: number, key: Key) => number {
  const values = fields > 1 ? fields : 0
  return (table, slot, key) => {
    let bytes = GROUP_BYTES + recordBytes(key)
    for (let at = 0; at < values; at++) bytes += PLACE_BYTES + recordBytes(table.values[at]![slot])
    if (table.odd.size > 0) bytes += recordBytes(table.odd.get(slot))
    for (let at = 0; at < aggregates.length; at++)
      bytes += PLACE_BYTES + aggregates[at]!.bytes(table.states[at]![slot])
    return bytes
  }
}

/** Groups in rows of columns. */
interface Rows {
  readonly columns: readonly { finish(row: number): unknown }[]
}

/** The records of groups. */
export interface GroupRecords {
  ofFew(table: GroupTable, slot: number, key: Key): Fields
  /** @param values those of the key */
  ofMany(rows: Rows, row: number, values: readonly unknown[]): Fields
}

/** @param by fields that are grouped by */
export function compileRecords(
  by: readonly string[],
  columns: readonly { as: string; aggregate: Aggregate }[],
): GroupRecords {
  const scope: Record<string, unknown> = {}
  const few = by.map((to, at) => ({ to, value: `table.valueOf(${at}, slot, key) ?? null` }))
  const many = by.map((to, at) => ({ to, value: `values[${at}] ?? null` }))
  columns.forEach(({ as, aggregate }, at) => {
    scope[`weir_aggregate${at}`] = aggregate
    few.push({ to: as, value: `weir_aggregate${at}.finish(table.states[${at}][slot])` })
    many.push({ to: as, value: `columns[${at}].finish(row)` })
  })
  return compileWith(
    `return {
      ofFew: (table, slot, key) => (${literalText(few)}),
      ofMany: ({ columns }, row, values) => (${literalText(many)}),
    }`,
    scope,
  )
}

/**
 * How groups are laid on disk, read back and merged, compiled for their columns. Nothing is counted on the way: what
 * they hold is known at the end.
 */
import type { Aggregate } from './aggregate.ts'
import { Budget } from './budget.ts'
import { compileWith } from './compile-with.ts'
import { GroupTable } from './group-table.ts'
import type { Key } from './identity.ts'
import { literalText } from './record-shaper.ts'
import type { Fields } from './record-fields.ts'
import { recordBytes } from './record-size.ts'

/** Bytes of a group beside its key, values and states: an entry of a Map. */
const GROUP_BYTES = 56
/** A place in a list, which grows by half. */
const PLACE_BYTES = 12

/** A group on disk. What is kept of it besides lies in further fields. */
export interface LaidGroup {
  key: Key
  /** Its place in the order in which groups were first seen. */
  at: number
  /** Bytes that it takes in memory. */
  bytes: number
}

/** @param by fields that are grouped by */
export function groupSteps(by: readonly string[], columns: readonly { as: string; aggregate: Aggregate }[]) {
  const aggregates = columns.map(({ aggregate }) => aggregate)
  const fields = by.length > 1 ? by.map((_, at) => at) : []
  const bytesOf = (table: GroupTable, slot: number, key: Key): number => {
    let bytes = GROUP_BYTES + recordBytes(key)
    for (let at = 0; at < fields.length; at++) bytes += PLACE_BYTES + recordBytes(table.values[at]![slot])
    if (table.odd.size > 0) bytes += recordBytes(table.odd.get(slot))
    for (let at = 0; at < aggregates.length; at++)
      bytes += PLACE_BYTES + aggregates[at]!.bytes(table.states[at]![slot])
    return bytes
  }
  return {
    newTable: () => new GroupTable(by.length, aggregates.length),
    bytesOf,
    ...compileSteps(aggregates, fields, bytesOf),
    recordOf: compileRecord(by, columns),
  }
}

interface Compiled {
  /** The group as it is laid on disk; its key is the one of the Map. */
  lay(table: GroupTable, slot: number, key: Key, at: number): LaidGroup
  /** Adds a laid group to a table, or joins it to what is known of it; returns its slot. */
  absorb(table: GroupTable, laid: LaidGroup): number
}

function compileSteps(
  aggregates: readonly Aggregate[],
  fields: readonly number[],
  bytesOf: (table: GroupTable, slot: number, key: Key) => number,
): Compiled {
  const uncounted = new Budget({ limit: undefined, what: '', field: '', remedy: '' })
  const scope: Record<string, unknown> = { weir_bytes: bytesOf, weir_uncounted: uncounted }
  const laid = [
    { to: 'key', value: 'key' },
    { to: 'at', value: 'at' },
    { to: 'bytes', value: 'weir_bytes(table, slot, key)' },
    { to: 'odd', value: 'table.odd.size > 0 ? table.odd.get(slot) : undefined' },
    ...fields.map((at) => ({ to: `value${at}`, value: `table.values[${at}][slot]` })),
  ]
  const pushes = fields.map((at) => `table.values[${at}].push(laid.value${at})`)
  const joins: string[] = []
  aggregates.forEach((aggregate, at) => {
    scope[`weir_aggregate${at}`] = aggregate
    const state = `table.states[${at}][slot]`
    laid.push({ to: `state${at}`, value: aggregate.pack ? `weir_aggregate${at}.pack(${state})` : state })
    const back = aggregate.unpack
      ? `weir_aggregate${at}.unpack(laid.state${at}, weir_uncounted)`
      : `laid.state${at}`
    pushes.push(`table.states[${at}].push(${back})`)
    joins.push(`${state} = weir_aggregate${at}.merge(${state}, ${back}, weir_uncounted)`)
  })
  return compileWith<Compiled>(
    `return {
      lay: (table, slot, key, at) => (${literalText(laid)}),
      absorb(table, laid) {
        const slot = table.slots.get(laid.key)
        if (slot === undefined) {
          const added = table.slots.size
          table.slots.set(laid.key, added)
          if (laid.odd !== undefined) table.odd.set(added, laid.odd)
          ${pushes.join('\n')}
          return added
        }
        ${joins.join('\n')}
        return slot
      },
    }`,
    scope,
  )
}

/** Makes the record of a group. */
function compileRecord(
  by: readonly string[],
  columns: readonly { as: string; aggregate: Aggregate }[],
): (table: GroupTable, slot: number, key: Key) => Fields {
  const scope: Record<string, unknown> = {}
  const made = by.map((to, at) => ({ to, value: `table.valueOf(${at}, slot, key) ?? null` }))
  columns.forEach(({ as, aggregate }, at) => {
    scope[`weir_aggregate${at}`] = aggregate
    made.push({ to: as, value: `weir_aggregate${at}.finish(table.states[${at}][slot])` })
  })
  return compileWith(`return (table, slot, key) => (${literalText(made)})`, scope)
}

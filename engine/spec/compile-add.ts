/** The step of `group`, compiled for its columns: no loop over them, and each aggregate's own code in its place. */
import type { Aggregate } from './aggregate.ts'
import type { Budget } from './budget.ts'
import { compileWith } from './compile-with.ts'
import type { Key } from './identity.ts'
import type { DataRecord } from './node.ts'

/** A column of the result; without `read` it takes every record, whatever it is. */
export interface AddColumn {
  aggregate: Aggregate
  read: ((record: DataRecord) => unknown) | undefined
}

/** What the compiled step asks of the node. */
export interface AddSteps<State> {
  /** The group of a record; absent where all records are one, that of slot 0. */
  key: ((record: DataRecord) => Key) | undefined
  /** Finds the slot of a group in the table, or begins it. */
  find: (state: State, key: Key, record: DataRecord) => number
  /** Throws where a column cannot take a value. Never asked about numbers, which all can. */
  check: (column: number, value: unknown) => void
}

/** Makes the function that adds a record to its group. It reads and checks all columns before any state changes. */
export function compileAdd<State extends { groups: { table: { states: unknown[][] } }; budget: Budget }>(
  columns: readonly AddColumn[],
  steps: AddSteps<State>,
): (state: State, record: DataRecord) => void {
  const values: Record<string, unknown> = { weir_find: steps.find, weir_check: steps.check }
  if (steps.key) values['weir_key'] = steps.key
  const reads: string[] = []
  const adds: string[] = []
  columns.forEach(({ aggregate, read }, at) => {
    values[`weir_aggregate${at}`] = aggregate
    const input = `weir_value${at}`
    const place = `states[${at}][slot]`
    const add = `${place} = weir_aggregate${at}.add(${place}, ${read ? input : 'record'}, state.budget)`
    adds.push(read ? `if (${input} !== null && ${input} !== undefined) ${add}` : add)
    if (!read) return
    values[`weir_read${at}`] = read
    const checked = `typeof ${input} !== 'number' && ${input} !== null && ${input} !== undefined`
    reads.push(`const ${input} = weir_read${at}(record)`, `if (${checked}) weir_check(${at}, ${input})`)
  })
  const found = steps.key ? 'weir_find(state, key, record)' : '0'
  return compileWith(
    `return (state, record) => {
      ${steps.key ? 'const key = weir_key(record)' : ''}
      ${reads.join('\n')}
      const slot = ${found}
      const { states } = state.groups.table
      ${adds.join('\n')}
    }`,
    values,
  )
}

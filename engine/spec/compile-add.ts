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

/** The groups of a node: a table while there are few, rows of columns when there are many. */
export interface AddState {
  /** True where `makeRoom` is to be called before the next record. */
  isFull: boolean
  budget: Budget
  few: { states: unknown[][] }
  many: ManyRows | undefined
}

interface ManyRows {
  readonly isFull: boolean
  makeRoom(): void
  readonly rows: {
    readonly keys: { begin(): void; put(value: unknown): void }
    readonly columns: readonly { add(row: number, value: unknown, budget: Budget): void }[]
  }
}

/** What the compiled step asks of the node. */
export interface AddSteps<State extends AddState> {
  /** The group of a record; absent where all records are one, that of slot 0. */
  key: ((record: DataRecord) => Key) | undefined
  /** The values of that key, one by one. */
  fields: readonly ((record: DataRecord) => unknown)[]
  makeRoom: (state: State) => void
  /** Finds the slot of a group in the table, or begins it. */
  find: (state: State, key: Key, record: DataRecord) => number
  /** The same among many, where the key was put. */
  rowOf: (many: NonNullable<State['many']>, record: DataRecord) => number
  /** Throws where a column cannot take a value. Never asked about numbers, which all can. */
  check: (column: number, value: unknown) => void
}

/** Makes the function that adds a record to its group. It reads and checks all columns before any state changes. */
export function compileAdd<State extends AddState>(
  columns: readonly AddColumn[],
  steps: AddSteps<State>,
): (state: State, record: DataRecord) => void {
  const values: Record<string, unknown> = { weir_check: steps.check }
  const reads: string[] = []
  const adds: string[] = []
  const joins: string[] = []
  columns.forEach(({ aggregate, read }, at) => {
    values[`weir_aggregate${at}`] = aggregate
    const input = read ? `weir_value${at}` : 'record'
    const place = `states[${at}][slot]`
    const taken = read ? `if (${input} !== null && ${input} !== undefined) ` : ''
    adds.push(`${taken}${place} = weir_aggregate${at}.add(${place}, ${input}, state.budget)`)
    joins.push(`${taken}columns[${at}].add(row, ${input}, state.budget)`)
    if (!read) return
    values[`weir_read${at}`] = read
    const checked = `typeof ${input} !== 'number' && ${input} !== null && ${input} !== undefined`
    reads.push(`const ${input} = weir_read${at}(record)`, `if (${checked}) weir_check(${at}, ${input})`)
  })
  if (!steps.key)
    return compileWith(
      `return (state, record) => {
        ${reads.join('\n')}
        const slot = 0
        const { states } = state.few
        ${adds.join('\n')}
      }`,
      values,
    )
  const { makeRoom, key, find, rowOf } = steps
  Object.assign(values, { weir_makeRoom: makeRoom, weir_key: key, weir_find: find, weir_rowOf: rowOf })
  const puts = steps.fields.map((read, at) => {
    values[`weir_field${at}`] = read
    return `keys.put(weir_field${at}(record))`
  })
  return compileWith(
    `const few = (state, record) => {
      const key = weir_key(record)
      ${reads.join('\n')}
      const slot = weir_find(state, key, record)
      const { states } = state.few
      ${adds.join('\n')}
    }
    const many = (state, groups, record) => {
      if (groups.isFull) groups.makeRoom()
      const { keys } = groups.rows
      keys.begin()
      ${puts.join('\n')}
      ${reads.join('\n')}
      const row = weir_rowOf(groups, record)
      const { columns } = groups.rows
      ${joins.join('\n')}
    }
    return (state, record) => {
      if (state.isFull) weir_makeRoom(state)
      if (state.many === undefined) few(state, record)
      else many(state, state.many, record)
    }`,
    values,
  )
}

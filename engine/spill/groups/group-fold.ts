/**
 * The fold of `group`: a table of objects while there are few groups, which is what most flows have, and rows of
 * columns from then on, in memory or on disk.
 */
import { aggregateOf, type AggregateName } from '../../spec/aggregate.ts'
import { Budget, type BudgetLimit } from '../../spec/budget.ts'
import { compileAdd } from '../../spec/compile-add.ts'
import { FieldError } from '../../spec/field-error.ts'
import { compileRecords, groupBytes } from '../../spec/group-steps.ts'
import { GroupTable } from '../../spec/group-table.ts'
import { keyOf, keyOfAll, type Key } from '../../spec/identity.ts'
import type { KeyedFold } from '../../spec/division.ts'
import type { DataRecord, Fold, Memory } from '../../spec/node.ts'
import { packGroups, unpackStates, type PackedGroups } from '../../spec/packed-groups.ts'
import { fieldReader, type Fields } from '../../spec/record-fields.ts'
import { tooLarge } from '../spill-error.ts'
import { columnFor } from './columns-for.ts'
import { GroupDivision, rangesOwned, type OwnedGroups } from './group-division.ts'
import type { GroupRows } from './group-rows.ts'
import { ManyGroups, type ManyGroupsData } from './many-groups.ts'
import type { OrderedRows } from './place-ranges.ts'

export interface GroupConfig {
  by: readonly string[]
  aggregates: readonly { as: string; fn: AggregateName; field?: string | undefined }[]
  limit: BudgetLimit
}

export interface GroupState {
  few: GroupTable
  /** Bytes of those. */
  held: number
  /** True where they are to become many before the next record. */
  isFull: boolean
  /** From then on `few` is empty. */
  many: ManyGroups | undefined
  budget: Budget
}

const ONE_GROUP = 'What is kept of one group'
/** More than these are many: moving them takes some 20 ms. */
const FEW = 65_536
const FULL = 0.8
/** Groups that are counted in one step. */
const NO_LIMIT: BudgetLimit = { limit: undefined, what: '', field: '', remedy: '' }

export function groupFold({ by, aggregates, limit }: GroupConfig, memory: Memory): Fold<GroupState> {
  const fields = by.map(fieldReader)
  const columns = aggregates.map(({ as, fn, field }) => ({
    as,
    aggregate: aggregateOf[fn],
    // A count takes any record as it is, also one without fields.
    read: fn === 'count' ? undefined : fieldReader(field ?? ''),
  }))
  const aggregated = columns.map(({ aggregate }) => aggregate)
  const key = keyReader(fields)
  const valueOf = (record: DataRecord, field: number) => fields[field]!(record)
  const bytesOf = groupBytes(by.length, aggregated)
  const records = compileRecords(by, columns)
  const distinct = aggregates.flatMap(({ fn }, at) => (fn === 'distinct' ? [at] : []))

  /** All of a record's values are checked before any state changes, so that a failed record counts nowhere. */
  const check = (column: number, value: unknown) => {
    const { aggregate, as } = columns[column]!
    const refusal = aggregate.refuses?.(value)
    if (refusal !== undefined)
      throw new FieldError(`${as} cannot be worked out: ${refusal}`, `aggregates.${column}.field`)
  }
  const grow = (state: GroupState, bytes: number) => {
    if (state.many) {
      state.many.grow(bytes)
      return
    }
    state.held += bytes
    // One group has nothing that could wait on disk.
    if (by.length > 0) state.isFull = state.held > memory.bytes * FULL || state.few.size >= FEW
    else if (state.held > memory.bytes) throw tooLarge(state.held, memory, ONE_GROUP)
  }
  /** The slot of a group, begun by `valueOf`, by field, where it is not in the table. */
  const find = <Source>(
    state: GroupState,
    id: Key,
    { source, valueOf }: { source: Source; valueOf: (source: Source, field: number) => unknown },
  ): number => {
    const { few, budget } = state
    const found = few.find(id)
    if (found >= 0) return found
    budget.take()
    const slot = few.add(id, (field) => valueOf(source, field))
    for (let i = 0; i < aggregated.length; i++) few.states[i]!.push(aggregated[i]!.init())
    grow(state, bytesOf(few, slot, id))
    return slot
  }
  const newState = (): GroupState => {
    const state: GroupState = {
      few: new GroupTable(by.length, aggregates.length),
      held: 0,
      isFull: false,
      many: undefined,
      budget: new Budget(limit, (bytes) => grow(state, bytes)),
    }
    return state
  }
  const newMany = (state: GroupState, data?: ManyGroupsData): ManyGroups => {
    const newColumns = () => aggregates.map(({ fn }) => columnFor(fn))
    const many = new ManyGroups({ memory, fields: by.length, newColumns, one: ONE_GROUP }, data)
    many.begun = () => state.budget.take()
    // What is on disk is counted when it is merged: nobody knows before whether it is the same.
    many.spilled = () => {
      state.budget = new Budget(NO_LIMIT, (bytes) => many.grow(bytes))
    }
    state.isFull = false
    return many
  }
  /** Few become many. */
  const makeMany = (state: GroupState): ManyGroups => {
    if (state.many) return state.many
    const { few } = state
    const many = newMany(state)
    const { begun } = many
    // They were counted when they were begun.
    many.begun = () => {}
    for (let slot = 0; slot < few.size; slot++) {
      const id = few.keys[slot]!
      if (many.isFull) many.makeRoom()
      many.rows.keys.begin()
      for (let at = 0; at < fields.length; at++) many.rows.keys.put(few.valueOf(at, slot, id))
      const row = many.rowOf(slot, (_, field) => few.valueOf(field, slot, id))
      for (let at = 0; at < aggregated.length; at++) many.rows.columns[at]!.set(row, few.states[at]![slot])
    }
    many.begun = begun
    state.many = many
    state.few = new GroupTable(by.length, aggregates.length)
    state.isFull = false
    return many
  }
  const distinctOf = ({ columns }: GroupRows, row: number) =>
    distinct.reduce((sum, at) => sum + (columns[at]!.finish(row) as number), 0)
  /** Groups that were merged are counted when they are whole. */
  const counter = () => {
    const budget = new Budget(limit)
    return (rows: GroupRows) => {
      if (limit.limit === undefined) return
      for (let row = 0; row < rows.count; row++) budget.take(1 + distinctOf(rows, row))
    }
  }

  /** What some rows count for in the limit. */
  const countOf = (rows: GroupRows, indexes: ArrayLike<number>) => {
    let count = indexes.length
    if (distinct.length > 0)
      for (let at = 0; at < indexes.length; at++) count += distinctOf(rows, indexes[at]!)
    return count
  }
  const keyed: KeyedFold<GroupState> = {
    isMuch: ({ many }) => many !== undefined,
    divide: ({ many }, place) => new GroupDivision({ many: many!, memory, place, count: countOf }),
    *combine(all) {
      const owned = all.map(({ data }) => data as OwnedGroups)
      new Budget(limit).take(owned.reduce((sum, { counted }) => sum + counted, 0))
      const many = newMany(newState())
      yield* recordsOf(many.rangesInOrder(rangesOwned(owned, memory), owned[0]?.span ?? 1))
    },
  }
  function* recordsOf(ordered: Iterable<OrderedRows>): Generator<Fields> {
    const values: unknown[] = by.map(() => null)
    for (const { rows, order } of ordered) {
      for (let at = 0; at < order.length; at++) {
        const row = order[at]!
        rows.readKey(row, values)
        yield records.ofMany(rows, row, values)
      }
    }
  }

  return {
    ...(by.length > 0 && { keyed }),
    init() {
      const state = newState()
      if (by.length === 0) find(state, null, { source: null, valueOf: () => null })
      return state
    },
    add: compileAdd<GroupState>(columns, {
      key: by.length > 0 ? key : undefined,
      fields,
      makeRoom: makeMany,
      find: (state, id, record) => find(state, id, { source: record, valueOf }),
      rowOf: (many, record) => many.rowOf(record, valueOf),
      check,
    }),
    merge(a, b) {
      const isMuch = a.isFull || a.held + b.held > memory.bytes * FULL
      if (a.many || b.many || (by.length > 0 && isMuch)) {
        makeMany(a).append(makeMany(b))
        return a
      }
      const { few } = b
      const { states } = a.few
      for (let from = 0; from < few.size; from++) {
        const id = few.keys[from]!
        const slot = find(a, id, { source: from, valueOf: (from, field) => few.valueOf(field, from, id) })
        aggregated.forEach((aggregate, i) => {
          states[i]![slot] = aggregate.merge(states[i]![slot], few.states[i]![from], a.budget)
        })
      }
      return a
    },
    pack: ({ few, many }) => (many ? many.data() : packGroups(few, aggregated)),
    unpack(data) {
      const state = newState()
      if ('blocks' in (data as object)) {
        state.many = newMany(state, data as ManyGroupsData)
        return state
      }
      const packed = data as PackedGroups
      const states = unpackStates(packed, aggregated, state.budget)
      const { keys, values } = packed
      state.few = new GroupTable(by.length, aggregates.length, { keys, values, states })
      if (by.length > 0) state.budget.take(keys.length)
      let bytes = 0
      for (let slot = 0; slot < keys.length; slot++) bytes += bytesOf(state.few, slot, keys[slot]!)
      grow(state, bytes)
      return state
    },
    *settle({ many }) {
      if (!many?.isSpilled) return
      many.merged = counter()
      yield* many.settle()
    },
    *finish(state): Generator<Fields> {
      for (const _ of this.settle!(state));
      const { few, many } = state
      if (!many) {
        for (let slot = 0; slot < few.size; slot++) yield records.ofFew(few, slot, few.keys[slot]!)
        return
      }
      if (!many.isSpilled) counter()(many.rows)
      yield* recordsOf(many.inOrder())
    },
  }
}

function keyReader(fields: readonly ((record: DataRecord) => unknown)[]): (record: DataRecord) => Key {
  const [only] = fields
  if (only && fields.length === 1) return (record) => keyOf(only(record))
  return (record) => keyOfAll(fields.map((read) => read(record)))
}

/** One record for each group of records. */
import { z } from 'zod'
import { AGGREGATES, aggregateOf } from '../../spec/aggregate.ts'
import { Budget, type BudgetLimit } from '../../spec/budget.ts'
import { compileAdd } from '../../spec/compile-add.ts'
import { FieldError } from '../../spec/field-error.ts'
import { field } from '../../spec/fields.ts'
import { groupSteps } from '../../spec/group-steps.ts'
import type { GroupTable } from '../../spec/group-table.ts'
import { keyOf, keyOfAll, type Key } from '../../spec/identity.ts'
import { defineProcessor, type DataRecord, type Fold, type Memory } from '../../spec/node.ts'
import { packGroups, unpackStates, type PackedGroups } from '../../spec/packed-groups.ts'
import { fieldReader, type Fields } from '../../spec/record-fields.ts'
import { NumberedValues } from '../../spill/numbered.ts'
import { partOfMemory } from '../../spill/part-of-memory.ts'
import { tooLarge } from '../../spill/spill-error.ts'
import { SpillingMap, type SpillingMapData } from '../../spill/spilling-map.ts'

const config = z.object({
  by: field(z.array(z.string().min(1)).default([]), {
    title: 'Group by',
    description: 'Records with equal values in these fields are one group. Empty: all records are one.',
    editor: 'fields',
  }),
  aggregates: field(
    z
      .array(
        z.object({
          as: field(z.string().min(1).default('count'), {
            title: 'As',
            description: 'The field that gets the result.',
          }),
          fn: field(z.enum(AGGREGATES).default('count'), {
            title: 'Function',
            description: 'What is worked out over the records of a group.',
          }),
          field: field(z.string().optional(), {
            title: 'Field',
            description: 'The field that it is worked out of. Empty: the record itself.',
            editor: 'field',
            when: { fn: ['sum', 'min', 'max', 'avg', 'distinct'] },
          }),
        }),
      )
      .default([{ as: 'count', fn: 'count' }]),
    { title: 'Aggregates', description: 'The results of each group.' },
  ),
  maxGroups: field(z.number().int().min(1).optional(), {
    title: 'Limit',
    description: 'Groups and distinct values; more fail the node. Empty: as many as the disk holds.',
    unit: 'groups',
    advanced: true,
  }),
})

type Config = z.infer<typeof config>

interface State {
  groups: SpillingMap<GroupTable>
  budget: Budget
  /** What was laid on disk, as records by the places of their groups; made by `settle`. */
  made: NumberedValues<Fields> | undefined
}

const ONE_GROUP = 'What is kept of one group'
/** Groups that are made into records in one step. */
const PAUSE_AFTER = 512

export const group = defineProcessor<Config>({
  type: 'group',
  title: 'Group',
  summary: 'Counts, sums and averages records by the values of some fields.',
  docs: `Makes one record for each group, at the end of the input, in the order in which the groups were first seen: the **by** fields, then the aggregates. With no field to group by, all records are one group, which is there even when no record came.

| aggregate | gives |
|---|---|
| \`count\` | the number of records |
| \`sum\`, \`avg\` | over numbers, added up exactly and rounded once; the sum of nothing is 0, the average of nothing null |
| \`min\`, \`max\` | the least and the greatest value in the order of **sort**: numbers before texts before others; of nothing null |
| \`distinct\` | how many different values there are, exactly |

All but \`count\` pass over null and missing values. Values are equal as they are: 1 and "1" are different groups; null and missing are one group, NaN is one; dates, lists and objects are equal where their contents are.

**Bad input**: a record with something other than a number to \`sum\` or \`avg\`, or that is not an object where a field is wanted, leaves by **error** and counts in no aggregate.

Groups that do not fit into the memory of the run wait in temporary files. The distinct values of one group have to fit; to count more, group by the value as well, and count those groups.`,
  config,
  check: checkConfig,
  look: { icon: 'group', face: 'by {by} · {aggregates.as}' },
  laws: { holds: 'all', packs: true },
  examples: [
    {
      title: 'Hits by page',
      config: { by: ['path'], aggregates: [{ as: 'hits', fn: 'count' }] },
      in: { in: [{ path: '/' }, { path: '/about' }, { path: '/' }] },
      out: {
        out: [
          { path: '/', hits: 2 },
          { path: '/about', hits: 1 },
        ],
      },
    },
    {
      title: 'All aggregates over one group',
      config: {
        aggregates: [
          { as: 'records', fn: 'count' },
          { as: 'total', fn: 'sum', field: 'ms' },
          { as: 'least', fn: 'min', field: 'ms' },
          { as: 'most', fn: 'max', field: 'ms' },
          { as: 'mean', fn: 'avg', field: 'ms' },
          { as: 'users', fn: 'distinct', field: 'user' },
        ],
      },
      in: { in: [{ ms: 0.25, user: 'a' }, { ms: 0.5, user: 'b' }, { ms: null, user: 'a' }, {}] },
      out: {
        out: [
          {
            records: 4,
            total: 0.75,
            least: 0.25,
            most: 0.5,
            mean: 0.375,
            users: 2,
          },
        ],
      },
    },
    {
      title: 'A text where a number is summed',
      config: { aggregates: [{ as: 'bytes', fn: 'sum', field: 'bytes' }] },
      in: { in: [{ bytes: 5 }, { bytes: '7' }] },
      out: {
        out: [{ bytes: 5 }],
        error: [
          {
            reason: 'bytes cannot be worked out: the text "7" is not a number',
            node: 'group',
            record: { bytes: '7' },
            number: 2,
            field: 'aggregates.0.field',
          },
        ],
      },
    },
  ],
  fold: ({ config, memory }) => groupFold(config, memory) as Fold<unknown>,
})

function groupFold({ by, aggregates, maxGroups }: Config, memory: Memory): Fold<State> {
  const keys = by.map(fieldReader)
  const columns = aggregates.map(({ as, fn, field }) => ({
    as,
    aggregate: aggregateOf[fn],
    // A count takes any record as it is, also one without fields.
    read: fn === 'count' ? undefined : fieldReader(field ?? ''),
  }))
  const key = keyReader(keys)
  const aggregated = columns.map(({ aggregate }) => aggregate)
  const limit: BudgetLimit = {
    limit: maxGroups,
    what: 'groups and distinct values',
    field: 'maxGroups',
    remedy: 'Group by fewer or coarser values',
  }
  const steps = { ...groupSteps(by, columns), one: ONE_GROUP }

  /** All of a record's values are checked before any state changes, so that a failed record counts nowhere. */
  const check = (column: number, value: unknown) => {
    const { aggregate, as } = columns[column]!
    const refusal = aggregate.refuses?.(value)
    if (refusal !== undefined)
      throw new FieldError(`${as} cannot be worked out: ${refusal}`, `aggregates.${column}.field`)
  }
  /** The slot of a group that is to be in memory; begun by `valueOf`, by field, where it is not. */
  const begin = ({ groups, budget }: State, id: Key, valueOf: (field: number) => unknown): number => {
    // Of what was laid on disk nobody knows here whether it is the same: it is counted when all is merged.
    if (!groups.isSpilled) budget.take()
    const { table } = groups
    const slot = table.add(id, valueOf)
    for (let i = 0; i < aggregated.length; i++) table.states[i]!.push(aggregated[i]!.init())
    groups.grow(steps.bytesOf(table, slot, id))
    return slot
  }
  const find = (state: State, id: Key, valueOf: (field: number) => unknown): number => {
    if (state.groups.isFull) state.groups.makeRoom()
    return state.groups.table.slots.get(id) ?? begin(state, id, valueOf)
  }
  const newState = (data?: SpillingMapData): State => {
    const empty = new SpillingMap(memory, steps)
    const groups = data ? SpillingMap.from(data, empty) : empty
    const budget = new Budget(limit, (bytes) => {
      groups.grow(bytes)
      // One group has nothing that could wait on disk.
      if (by.length === 0 && groups.held > memory.bytes) throw tooLarge(groups.held, memory, ONE_GROUP)
    })
    return { groups, budget, made: undefined }
  }
  const init = (): State => {
    const state = newState()
    if (by.length === 0) find(state, key(undefined), () => null)
    return state
  }

  return {
    init,
    add: compileAdd<State>(columns, {
      key: by.length > 0 ? key : undefined,
      find(state, id, record) {
        const { groups } = state
        if (groups.isFull) groups.makeRoom()
        return groups.table.slots.get(id) ?? begin(state, id, (field) => keys[field]!(record))
      },
      check,
    }),
    merge(a, b) {
      if (a.groups.isSpilled || b.groups.isSpilled) {
        a.groups.append(b.groups)
        return a
      }
      const { table } = b.groups
      for (const [id, from] of table.slots) {
        const slot = find(a, id, (field) => table.valueOf(field, from, id))
        const { states } = a.groups.table
        aggregated.forEach((aggregate, i) => {
          states[i]![slot] = aggregate.merge(states[i]![slot], table.states[i]![from], a.budget)
        })
      }
      return a
    },
    pack: ({ groups }) => (groups.isSpilled ? groups.data() : packGroups(groups.table, aggregated)),
    unpack(data) {
      if ('files' in (data as object)) return newState(data as SpillingMapData)
      const packed = data as PackedGroups
      const state = newState()
      const columns = unpackStates(packed, aggregated, state.budget)
      packed.keys.forEach((id, at) => {
        const slot = find(state, id, (field) => (packed.values ? packed.values[field]![at] : id))
        const { states } = state.groups.table
        for (let i = 0; i < columns.length; i++) states[i]![slot] = columns[i]![at]
      })
      return state
    },
    *settle(state) {
      const { groups } = state
      if (!groups.isSpilled || state.made) return
      yield* groups.settle()
      const { seen: end, bytesOnDisk: bytes } = groups
      state.made = new NumberedValues(partOfMemory(memory, 1 / 2), { end, bytes })
      const budget = new Budget(limit)
      for (const merged of groups.merged()) {
        yield undefined
        if (!merged) continue
        const { table, at } = merged
        let slot = 0
        for (const id of table.slots.keys()) {
          budget.take(1 + distinctValues(table, slot))
          state.made.add(at[slot]!, steps.recordOf(table, slot, id))
          if (++slot % PAUSE_AFTER === 0) yield undefined
        }
      }
    },
    *finish(state) {
      for (const _ of this.settle!(state));
      if (state.made) return yield* state.made.inOrder()
      const { table } = state.groups
      let slot = 0
      for (const id of table.slots.keys()) yield steps.recordOf(table, slot++, id)
    },
  }

  function distinctValues({ states }: GroupTable, slot: number): number {
    return aggregates.reduce(
      (sum, { fn }, i) => (fn === 'distinct' ? sum + (states[i]![slot] as Set<Key>).size : sum),
      0,
    )
  }
}

function keyReader(keys: readonly ((record: DataRecord) => unknown)[]): (record: DataRecord) => Key {
  const [only] = keys
  if (!only) return () => null
  if (keys.length === 1) return (record) => keyOf(only(record))
  return (record) => keyOfAll(keys.map((read) => read(record)))
}

function checkConfig({ by, aggregates }: Config): Record<string, string> {
  const found: Record<string, string> = {}
  const names = new Set<string>()
  for (const [index, name] of by.entries()) {
    if (names.has(name)) found[`by.${index}`] = `“${name}” is listed twice.`
    names.add(name)
  }
  for (const [index, { as }] of aggregates.entries()) {
    if (names.has(as)) found[`aggregates.${index}.as`] = `Two fields of the result would be called “${as}”.`
    names.add(as)
  }
  if (names.size === 0) found['aggregates'] = 'Add an aggregate, or a field to group by.'
  return found
}

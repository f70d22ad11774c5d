/** One record for each group of records. */
import { z } from 'zod'
import { AGGREGATES, aggregateOf, type Aggregate } from '../../spec/aggregate.ts'
import { Budget } from '../../spec/budget.ts'
import { compileAdd } from '../../spec/compile-add.ts'
import { FieldError } from '../../spec/field-error.ts'
import { field } from '../../spec/fields.ts'
import { keyOf, keyOfAll, type Key } from '../../spec/identity.ts'
import { defineProcessor, type DataRecord, type Fold } from '../../spec/node.ts'
import { ownText, ownValue } from '../../spec/own-text.ts'
import { packGroups, unpackGroups, type Group, type PackedGroups } from '../../spec/packed-groups.ts'
import { fieldReader, putField, type Fields } from '../../spec/record-fields.ts'

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
  maxGroups: field(z.number().int().min(1).max(50_000_000).default(1_000_000), {
    title: 'Limit',
    description: 'Groups and distinct values that may be held in memory; beyond it the node fails.',
    unit: 'groups',
    advanced: true,
  }),
})

type Config = z.infer<typeof config>

interface State {
  groups: Map<Key, Group>
  /** The one group there is where nothing is grouped by. */
  only: Group | undefined
  budget: Budget
}

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

**Bad input**: a record with something other than a number to \`sum\` or \`avg\`, or that is not an object where a field is wanted, leaves by **error** and counts in no aggregate. More groups and distinct values than the limit fail the node, as memory is finite.`,
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
  fold: ({ config }) => groupFold(config) as Fold<unknown>,
})

function groupFold({ by, aggregates, maxGroups }: Config): Fold<State> {
  const keys = by.map(fieldReader)
  const columns = aggregates.map(({ as, fn, field }) => ({
    as,
    aggregate: aggregateOf[fn],
    // A count takes any record as it is, also one without fields.
    read: fn === 'count' ? undefined : fieldReader(field ?? ''),
  }))
  const key = keyReader(keys)
  const width = columns.length
  const aggregated = columns.map(({ aggregate }) => aggregate)

  /** All of a record's values are checked before any state changes, so that a failed record counts nowhere. */
  const check = (column: number, value: unknown) => {
    const { aggregate, as } = columns[column]!
    const refusal = aggregate.refuses?.(value)
    if (refusal !== undefined)
      throw new FieldError(`${as} cannot be worked out: ${refusal}`, `aggregates.${column}.field`)
  }
  const newGroup = (values: unknown[]): Group => ({
    values,
    states: columns.map(({ aggregate }) => aggregate.init()),
  })

  const find = ({ groups, budget }: State, id: Key, record: DataRecord): Group => {
    let found = groups.get(id)
    if (!found) {
      budget.take()
      found = newGroup(keys.map((read) => ownValue(read(record))))
      groups.set(typeof id === 'string' ? ownText(id) : id, found)
    }
    return found
  }

  return {
    init() {
      const budget = new Budget({
        limit: maxGroups,
        what: 'groups and distinct values',
        field: 'maxGroups',
        remedy: 'Group by fewer or coarser values',
      })
      const groups = new Map<Key, Group>()
      const only = by.length === 0 ? newGroup([]) : undefined
      if (only) groups.set(key(undefined), only)
      return { groups, only, budget }
    },
    add: compileAdd<State>(columns, { key: by.length > 0 ? key : undefined, find, check }),
    merge(a, b) {
      for (const [id, { values, states }] of b.groups) {
        let found = a.groups.get(id)
        if (!found) {
          a.budget.take()
          found = newGroup(values)
          a.groups.set(id, found)
        }
        for (let i = 0; i < width; i++) {
          const aggregate: Aggregate = columns[i]!.aggregate
          found.states[i] = aggregate.merge(found.states[i], states[i], a.budget)
        }
      }
      return a
    },
    pack: ({ groups }) => packGroups(groups, aggregated),
    unpack(packed) {
      const state = this.init()
      state.groups = unpackGroups(packed as PackedGroups, aggregated, state.budget)
      if (by.length === 0) state.only = state.groups.get(key(undefined))
      else state.budget.take(state.groups.size)
      return state
    },
    *finish({ groups }) {
      for (const { values, states } of groups.values()) {
        const record: Fields = {}
        for (let i = 0; i < by.length; i++) putField(record, by[i]!, values[i] ?? null)
        for (let i = 0; i < width; i++)
          putField(record, columns[i]!.as, columns[i]!.aggregate.finish(states[i]))
        yield record
      }
    },
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

/** One record for each group of records. */
import { z } from 'zod'
import { AGGREGATES } from '../../spec/aggregate.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor, type Fold } from '../../spec/node.ts'
import { groupFold } from '../../spill/groups/group-fold.ts'

const config = () =>
  z.object({
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

type Config = z.infer<ReturnType<typeof config>>

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
  keyed: ({ by }) => by.length > 0,
  fold: ({ config: { by, aggregates, maxGroups }, memory }) => {
    const limit = {
      limit: maxGroups,
      what: 'groups and distinct values',
      field: 'maxGroups',
      remedy: 'Group by fewer or coarser values',
    }
    return groupFold({ by, aggregates, limit }, memory) as Fold<unknown>
  },
})

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

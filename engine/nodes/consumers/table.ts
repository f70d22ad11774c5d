/** Keeps rows for people to look at. */
import { z } from 'zod'
import { field } from '../../spec/fields.ts'
import { defineConsumer } from '../../spec/node.ts'

export const table = defineConsumer({
  type: 'table',
  title: 'Table',
  summary: 'Keeps the records as rows to look at.',
  docs: `Shows its records in the dock, and \`weir run\` prints them as NDJSON. It keeps the first rows up to its limit; of
what comes after that it keeps the newest and counts the rest, so that memory stays bounded while the totals stay true.
Records of any kind fit: fields become columns, other values a single one. \`weir run --result\` prints every row,
whatever the limit.`,
  config: () =>
    z.object({
      limit: field(z.number().int().min(1).max(10_000_000).default(100_000), {
        title: 'Rows kept',
        description: 'The first so many rows stay readable as a whole.',
        unit: 'rows',
      }),
      last: field(z.number().int().min(0).max(100_000).default(1000), {
        title: 'Newest rows',
        description: 'So many of the newest rows are kept beyond the limit.',
        unit: 'rows',
        advanced: true,
      }),
    }),
  look: { icon: 'table', face: 'up to {limit} rows', view: 'table' },
  laws: { ordered: true, holds: 0 },
  examples: [
    {
      title: 'Rows as they came',
      config: {},
      in: {
        in: [
          { page: '/', hits: 3 },
          { page: '/about', hits: 1 },
        ],
      },
      out: {
        result: [
          { page: '/', hits: 3 },
          { page: '/about', hits: 1 },
        ],
      },
    },
  ],
  async run({ input, result }) {
    for await (const batch of input['in']!) {
      const room = result.append(batch)
      if (room) await room
    }
  },
})

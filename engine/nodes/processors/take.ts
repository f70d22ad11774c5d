/** The first records, and no more. */
import { z } from 'zod'
import { field } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'

export const take = defineProcessor({
  type: 'take',
  title: 'Take',
  summary: 'Lets through the first records and stops what comes before.',
  docs: `Passes over the first **skip** records, lets the next **n** through, then tells the nodes before it that it has enough: a source that feeds nothing else stops at once, however much it has left. With fewer records than that, it lets through what there is.

**Bad input**: none; any record will do.`,
  config: () =>
    z.object({
      n: field(z.number().int().min(1).default(10), {
        title: 'Number',
        description: 'How many records to let through.',
        unit: 'records',
      }),
      skip: field(z.number().int().min(0).default(0), {
        title: 'Skip',
        description: 'How many records to leave out before them.',
        unit: 'records',
      }),
    }),
  look: { icon: 'scissors', face: 'first {n}' },
  laws: { ordered: true, holds: 0 },
  examples: [
    { title: 'The first two', config: { n: 2 }, in: { in: ['a', 'b', 'c'] }, out: { out: ['a', 'b'] } },
    {
      title: 'The second page',
      config: { n: 2, skip: 2 },
      in: { in: [1, 2, 3, 4, 5] },
      out: { out: [3, 4] },
    },
    { title: 'Fewer than asked for', config: { n: 5, skip: 1 }, in: { in: [1, 2] }, out: { out: [2] } },
  ],
  each({ config: { n, skip }, enough }) {
    let seen = 0
    const last = skip + n
    return (record, emit) => {
      seen++
      if (seen <= skip || seen > last) return
      emit['out']!(record)
      if (seen === last) enough()
    }
  },
})

/** Takes records and forgets them. */
import { z } from 'zod'
import { defineConsumer } from '../../spec/node.ts'

export const discard = defineConsumer({
  type: 'discard',
  title: 'Discard',
  summary: 'Takes every record and keeps none; the meters count them.',
  docs: 'Ends a branch whose records are not needed, or measures how fast the flow before it is. Its input is counted like any other.',
  config: () => z.object({}),
  look: { icon: 'trash-2', face: 'keeps nothing' },
  laws: { holds: 0 },
  examples: [{ title: 'Three records, nothing left', config: {}, in: { in: [1, 2, 3] }, out: {} }],
  async run({ input }) {
    // The loop is the work: it takes what comes, and the runtime counts it.
    for await (const batch of input['in']!) void batch
  },
})

/** Records typed in. */
import { z } from 'zod'
import { BatchWriter } from '../../spec/batches.ts'
import { field } from '../../spec/fields.ts'
import { defineGenerator } from '../../spec/node.ts'

export const list = defineGenerator({
  type: 'list',
  title: 'List',
  summary: 'Records typed in by hand.',
  docs: 'Makes the records of its list, one after the other, and ends. A record may be any JSON value: an object, a number, text, an array, `null`. It is the quickest way to try a flow before real data is there.',
  config: () =>
    z.object({
      records: field(z.array(z.unknown()).max(100_000).default([]), {
        title: 'Records',
        description: 'A JSON array; each element is a record.',
        editor: 'json',
        placeholder: '[{ "name": "Ada" }, { "name": "Grace" }]',
      }),
    }),
  look: { icon: 'list', face: 'typed in' },
  laws: { ordered: true },
  examples: [
    {
      title: 'Two people',
      config: { records: [{ name: 'Ada' }, { name: 'Grace' }] },
      out: { out: [{ name: 'Ada' }, { name: 'Grace' }] },
    },
    {
      title: 'Any JSON value',
      config: { records: [1, 'two', null, [3]] },
      out: { out: [1, 'two', null, [3]] },
    },
    { title: 'An empty list', config: { records: [] }, out: {} },
  ],
  async run({ config: { records }, output, progress }) {
    const writer = new BatchWriter(output['out']!)
    for (let i = 0; i < records.length; i++) {
      const room = writer.add(records[i])
      if (room) {
        await room
        progress(i + 1, records.length)
      }
    }
    await writer.flush()
    progress(records.length, records.length)
  },
})

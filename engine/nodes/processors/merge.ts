/** Several wires into one. */
import { z } from 'zod'
import { INPUT } from '../../spec/each-source.ts'
import { defineProcessor } from '../../spec/node.ts'

export const merge = defineProcessor({
  type: 'merge',
  title: 'Merge',
  summary: 'Joins the records of several wires into one stream.',
  docs: `Wire as many nodes as you like into it. Records are taken as they come, so that no wire waits for another; the records of one wire keep their order, how those of two wires mix is left to their speed. It ends when all of them have ended.

**Bad input**: none; any record will do.`,
  config: () => z.object({}),
  ports: { in: { in: { type: 'any', description: 'Any number of wires.' } } },
  look: { icon: 'merge', face: 'all wires' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'What comes in goes out',
      config: {},
      in: { in: [1, 'two', { three: 3 }] },
      out: { out: [1, 'two', { three: 3 }] },
    },
  ],
  eachSource: (_, emit) => ({ body: emit('out', INPUT), returns: true }),
  refuses: false,
})

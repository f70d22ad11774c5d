/** One record in, one record out. */
import { z } from 'zod'
import { inlineExpression } from '../../spec/each-source.ts'
import { expression } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'

export const map = defineProcessor({
  type: 'map',
  title: 'Map',
  summary: 'Makes a new record of each record.',
  docs: `The value of the expression takes the record’s place. Wrap an object in brackets: \`({ id: record.id })\`. To add or replace a few fields use **derive**, which is faster and keeps the rest.

**Bad input**: where the expression throws, the record leaves by **error** as it came.`,
  config: () =>
    z.object({
      value: expression(
        {
          title: 'New record',
          description: 'JavaScript; `record` is the record.',
          placeholder: 'record * record',
        },
        'record',
      ),
    }),
  look: { icon: 'wand-2', face: '{value}' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'Squares',
      config: { value: 'record * record' },
      in: { in: [1, 2, 3, 4] },
      out: { out: [1, 4, 9, 16] },
    },
    {
      title: 'A new object',
      config: { value: '({ name: record.first + " " + record.last })' },
      in: { in: [{ first: 'Ada', last: 'Lovelace' }] },
      out: { out: [{ name: 'Ada Lovelace' }] },
    },
    {
      title: 'An expression that throws',
      config: { value: 'record.user.id' },
      in: { in: [{ user: { id: 7 } }, {}] },
      out: {
        out: [7],
        error: [
          {
            reason: "Cannot read properties of undefined (reading 'id')",
            node: 'map',
            record: {},
            number: 2,
            field: 'value',
          },
        ],
      },
    },
  ],
  eachSource({ config }, emit) {
    const value = inlineExpression(config.value, 'weir_value')
    return { ...value, body: emit('out', value.body) }
  },
})

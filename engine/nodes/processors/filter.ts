/** Keeps some records and not others. */
import { z } from 'zod'
import { INPUT, inlineExpression } from '../../spec/each-source.ts'
import { expression } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'

export const filter = defineProcessor({
  type: 'filter',
  title: 'Filter',
  summary: 'Lets through the records for which a condition holds.',
  docs: `A record for which the condition is true (or any other truthy value) leaves by **kept**, any other by **rejected**, both unchanged. Without a wire on **rejected** those records are dropped and counted.

**Bad input**: where the condition throws, the record leaves by **error**. A missing field is undefined, and every comparison with it but \`!==\` is false: such records are rejected, not failed.`,
  config: () =>
    z.object({
      condition: expression(
        {
          title: 'Condition',
          description: 'JavaScript that is true for the records to keep; `record` is the record.',
          placeholder: 'record.status >= 500',
        },
        'true',
      ),
    }),
  ports: {
    out: {
      kept: { type: 'any', description: 'Records for which the condition holds.' },
      rejected: { type: 'any', description: 'The other records.', optional: true },
    },
  },
  look: { icon: 'funnel', face: '{condition}' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'Server errors',
      config: { condition: 'record.status >= 500' },
      in: { in: [{ status: 200 }, { status: 503 }, {}] },
      out: { kept: [{ status: 503 }], rejected: [{ status: 200 }, {}] },
    },
    {
      title: 'A condition that throws',
      config: { condition: 'record.name.startsWith("A")' },
      in: { in: [{ name: 'Ada' }, { id: 2 }] },
      out: {
        kept: [{ name: 'Ada' }],
        error: [
          {
            reason: "Cannot read properties of undefined (reading 'startsWith')",
            node: 'filter',
            record: { id: 2 },
            number: 2,
            field: 'condition',
          },
        ],
      },
    },
  ],
  eachSource({ config }, emit) {
    const holds = inlineExpression(config.condition, 'weir_holds')
    return {
      body: `if (${holds.body}) { ${emit('kept', INPUT)} } else { ${emit('rejected', INPUT)} }`,
      values: holds.values,
      returns: holds.returns,
    }
  },
})

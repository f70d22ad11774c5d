/** One record in, any number out. */
import { z } from 'zod'
import { describeValue } from '../../spec/describe-value.ts'
import { compileExpression } from '../../spec/expression.ts'
import { expression } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'

/** A record may become this many; an endless iterable would never end. Arrays, which exist already, may be longer. */
const MOST = 1_000_000

export const flatMap = defineProcessor({
  type: 'flat-map',
  title: 'Flat map',
  summary: 'Makes several records of each record, one for each element of a list.',
  docs: `The expression gives a list, or anything else that can be iterated over (a Set, a generator); each element becomes a record. An empty list makes none: write \`record.tags ?? []\` where the list may be missing.

**Bad input**: where the expression throws, or gives something that is not a list, the record leaves by **error**. A text is not taken apart into characters; \`record.text.split(" ")\` makes words of it. An iterable with more than ${MOST} elements fails too. Nothing of a failed record leaves by **out**.`,
  config: () =>
    z.object({
      list: expression(
        {
          title: 'List',
          description: 'JavaScript that gives the list of new records; `record` is the record.',
          placeholder: 'record.lines',
        },
        '[record]',
      ),
    }),
  look: { icon: 'ungroup', face: '{list}' },
  laws: { stateless: true, ordered: true, holds: 0 },
  examples: [
    {
      title: 'One record for each tag',
      config: { list: 'record.tags.map(tag => ({ id: record.id, tag }))' },
      in: {
        in: [
          { id: 1, tags: ['a', 'b'] },
          { id: 2, tags: [] },
        ],
      },
      out: {
        out: [
          { id: 1, tag: 'a' },
          { id: 1, tag: 'b' },
        ],
      },
    },
    {
      title: 'A text is not a list',
      config: { list: 'record' },
      in: { in: [[1, 2], 'ab'] },
      out: {
        out: [1, 2],
        error: [
          {
            reason: 'the expression gave the text "ab"; a list is expected',
            node: 'flat-map',
            record: 'ab',
            number: 2,
            field: 'list',
          },
        ],
      },
    },
  ],
  each({ config }) {
    const list = compileExpression(config.list)
    return (record, emit) => {
      const value = list(record)
      // Read to the end before the first one leaves: an iterable may throw half-way.
      const records = Array.isArray(value) ? value : elementsOf(value)
      const out = emit['out']!
      for (const made of records) out(made)
    }
  },
})

function elementsOf(value: unknown): unknown[] {
  const iterable = typeof value === 'object' && value !== null && Symbol.iterator in value
  if (!iterable) throw new Error(`the expression gave ${describeValue(value)}; a list is expected`)
  const elements: unknown[] = []
  for (const element of value as Iterable<unknown>) {
    if (elements.length === MOST) throw new Error(`the expression gave more than ${MOST} elements`)
    elements.push(element)
  }
  return elements
}

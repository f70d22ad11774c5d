/** Prints records. */
import { inspect } from 'node:util'
import { z } from 'zod'
import { jsonLine, UnwritableError } from '../../formats/record-text.ts'
import { field } from '../../spec/fields.ts'
import { defineConsumer, ERROR_PORT } from '../../spec/node.ts'

export const print = defineConsumer({
  type: 'print',
  title: 'Print',
  summary: 'Prints each record on a line of standard output, or in the log.',
  docs: `In the terminal it prints to standard output and waits while the reader is slow; in the app the lines go to the log
panel. *Text* prints text as it is and other values as JSON; what JSON cannot hold (a big integer, \`undefined\`, an
object that contains itself) is printed as JavaScript shows it. *NDJSON* prints JSON for every record, text in quotes, for
other programs to read; what JSON cannot hold leaves by \`error\` with its reason, and without a wire there the run stops.`,
  config: () =>
    z.object({
      format: field(z.enum(['text', 'ndjson']).default('text'), {
        title: 'Format',
        description: 'Text is for people, NDJSON for other programs.',
      }),
    }),
  ports: { out: { error: ERROR_PORT } },
  look: { icon: 'printer', face: '{format}', view: 'log' },
  laws: { ordered: true, holds: 0 },
  examples: [
    { title: 'As text', config: {}, in: { in: ['hello', { id: 1 }, 2] }, prints: 'hello\n{"id":1}\n2\n' },
    {
      title: 'As NDJSON',
      config: { format: 'ndjson' },
      in: { in: ['hello', { id: 1 }] },
      prints: '"hello"\n{"id":1}\n',
    },
  ],
  async run({ config, input, io, reject }) {
    const line = config.format === 'text' ? shown : jsonLine
    let number = 0
    for await (const batch of input['in']!) {
      let text = ''
      for (const record of batch) {
        number++
        try {
          text += `${line(record)}\n`
        } catch (error) {
          if (!(error instanceof UnwritableError)) throw error
          const room = reject({ reason: error.message, record, number })
          if (room) await room
        }
      }
      if (text === '') continue
      const room = io.print(text)
      if (room) await room
    }
  },
})

/** The record for people; never fails. */
function shown(record: unknown): string {
  if (typeof record === 'string') return record
  try {
    return jsonLine(record)
  } catch {
    return inspect(record, { depth: 4, breakLength: Infinity, maxArrayLength: 100, maxStringLength: 10_000 })
  }
}

/** Reads standard input. */
import { z } from 'zod'
import { streamBytes } from '../../formats/byte-source.ts'
import { readFields } from '../../formats/format-fields.ts'
import { FORMATS } from '../../formats/format-name.ts'
import { readRecords } from '../../formats/read-records.ts'
import { sendBlocks } from '../../formats/send-blocks.ts'
import { field } from '../../spec/fields.ts'
import { defineGenerator, ERROR_PORT } from '../../spec/node.ts'

export const stdin = defineGenerator({
  type: 'stdin',
  title: 'Standard input',
  summary: 'Reads what is piped into weir run: lines, CSV or NDJSON.',
  docs: `Reads standard input until it ends, as in \`tail -f access.log | weir run FLOW\`. In the app it is empty, and the
node ends at once.

Formats, types and bad input are those of **file**: gzip is known by its first bytes, LF and CRLF, a byte order mark and
a last line without an end are taken as they come, and blank lines are skipped in CSV and NDJSON. A line that is no
record leaves by \`error\` with its number and reason; without a wire there the first one stops the run. Binary data,
UTF-16, a line that is too long and a CSV header that names a field twice fail the run.

Records leave as soon as their line has come in, so that a live source stays live. Where several nodes of a flow are
\`stdin\`, only one of them gets each byte: use one, and wire it to several nodes.`,
  config: () =>
    z.object({
      format: field(z.enum(FORMATS).default('lines'), {
        title: 'Format',
        description: 'How the bytes become records.',
      }),
      ...readFields(['csv']),
    }),
  ports: {
    out: { out: { type: 'any', description: 'The records that came in, in order.' }, error: ERROR_PORT },
  },
  look: { icon: 'terminal', face: '{format}' },
  laws: { ordered: true },
  examples: [
    { title: 'Lines', config: {}, stdin: 'one\ntwo\n', out: { out: ['one', 'two'] } },
    {
      title: 'NDJSON',
      config: { format: 'ndjson' },
      stdin: '{"id":1}\n{"id":2}',
      out: { out: [{ id: 1 }, { id: 2 }] },
    },
    {
      title: 'CSV without a header, as text',
      config: { format: 'csv', header: false, types: 'text' },
      stdin: '1|x\n2|y\n',
      out: {
        out: [
          { column1: '1', column2: 'x' },
          { column1: '2', column2: 'y' },
        ],
      },
    },
    { title: 'Nothing is piped in', config: {}, out: {} },
  ],
  async run(context) {
    const { config, io, signal, addBytes } = context
    const bytes = streamBytes(io.stdin(), { signal, read: addBytes })
    await sendBlocks(readRecords(bytes, { ...config, name: 'standard input' }), context)
  },
})

/** Writes a file, whole or not at all. */
import { z } from 'zod'
import { DELIMITERS, delimiterOf } from '../../formats/csv-dialect.ts'
import { FORMATS, formatOf, isTabSeparated, type Format } from '../../formats/format-name.ts'
import { GzipWriter } from '../../formats/gzip.ts'
import { RecordWriter, type WriteOptions } from '../../formats/record-writer.ts'
import { TargetFile } from '../../formats/target-file.ts'
import { field } from '../../spec/fields.ts'
import { defineConsumer, ERROR_PORT, type Batch, type EncodedBatch } from '../../spec/node.ts'

const csvOnly = { when: { format: ['auto', 'csv'] } }

export const writeFile = defineConsumer({
  type: 'write-file',
  title: 'Write file',
  summary: 'Writes records to a file: NDJSON, CSV or lines, gzipped or not.',
  docs: `Writes its records in order. The file appears whole: it is written under a temporary name in the same folder, made
durable, and renamed when the input has ended.

- **The run fails** (a full disk, a failing node elsewhere, a forbidden path): what was there before is untouched and the
  temporary file is removed. A forbidden path or a missing folder fails at once, with the reason.
- **The run is stopped** by Stop or Ctrl-C: the records written so far are kept, and the file is complete in itself.
- **Weir is killed** in the middle: what was there before is untouched; the temporary file is removed by the next run
  that writes into the folder.
- **No records**: the file is empty, or holds the header where columns are given.
- Devices and pipes (\`/dev/stdout\`) are written to directly.

*Auto* goes by the extension: \`.csv\`, \`.tsv\` and \`.tab\` are CSV, \`.ndjson\` and \`.jsonl\` are NDJSON, all others
lines. A path that ends in \`.gz\` is gzipped.

**CSV**: the header is made of the first record's fields, or of the columns that are given, and then only these are
written. A field that is missing or \`null\` is an empty cell, objects and arrays are JSON text, text is quoted where it
must be. **Lines**: text as it is, other values as JSON. In NDJSON, NaN and infinities are \`null\`, as always in JSON.

**What leaves by \`error\`,** without a wire the first one stops the run: a record that JSON cannot hold (a big integer, a
function, \`undefined\`, an object that contains itself); for CSV, a record without fields, or with a field that is not
in the header; for lines, text with a line break in it.`,
  config: z.object({
    path: field(z.string().min(1), {
      title: 'Path',
      description: 'The file to write; a relative path counts from the flow file.',
      editor: 'path-out',
      placeholder: 'result.ndjson',
    }),
    format: field(z.enum(['auto', ...FORMATS]).default('auto'), {
      title: 'Format',
      description: 'Auto goes by the extension.',
    }),
    columns: field(z.array(z.string().min(1)).default([]), {
      title: 'Columns',
      description: 'CSV columns, in order; empty takes the fields of the first record.',
      editor: 'fields',
      ...csvOnly,
    }),
    delimiter: field(z.enum(['auto', ...DELIMITERS]).default('auto'), {
      title: 'Delimiter',
      description: 'Between CSV fields; auto is a tab for .tsv, else a comma.',
      ...csvOnly,
      advanced: true,
    }),
  }),
  check: ({ columns }): Record<string, string> =>
    new Set(columns).size < columns.length ? { columns: 'A column is named twice.' } : {},
  ports: { out: { error: ERROR_PORT } },
  look: { icon: 'file-output', face: '{path}' },
  laws: { ordered: true, holds: 0 },
  examples: [
    {
      title: 'NDJSON',
      config: { path: 'out.ndjson' },
      in: { in: [{ id: 1 }, 'two', null] },
      writes: { 'out.ndjson': '{"id":1}\n"two"\nnull\n' },
    },
    {
      title: 'CSV; a missing field is empty, a new one is refused',
      config: { path: 'out.csv' },
      in: {
        in: [{ name: 'Lovelace, Ada', tags: ['maths'] }, { name: 'Grace' }, { name: 'Alan', age: 41 }],
      },
      writes: { 'out.csv': 'name,tags\n"Lovelace, Ada","[""maths""]"\nGrace,\n' },
      out: {
        error: [
          {
            reason: 'The field "age" is not in the header, which the first record made.',
            node: 'write-file',
            record: { name: 'Alan', age: 41 },
            number: 3,
          },
        ],
      },
    },
    {
      title: 'Lines',
      config: { path: 'out.txt' },
      in: { in: ['one', 2, { three: 3 }] },
      writes: { 'out.txt': 'one\n2\n{"three":3}\n' },
    },
  ],
  encode(config) {
    const options = optionsOf(config)
    // The header of a CSV comes from its first record.
    if (options.format === 'csv') return undefined
    const writer = new RecordWriter(options)
    return (batch) => writer.batch(batch)
  },
  async run({ config, input, encoded, io, reject, addBytes }) {
    const writer = new RecordWriter(optionsOf(config))
    const file = await TargetFile.open(io.resolve(config.path), (path) => io.guard(path))
    const store = async (bytes: Uint8Array) => {
      await file.write(bytes)
      addBytes(bytes.length)
    }
    const gzip = /\.gz$/i.test(config.path) ? new GzipWriter(store) : undefined
    const write = (bytes: Uint8Array) => (gzip ? gzip.write(bytes) : store(bytes))
    const encode = (batch: Batch): EncodedBatch => {
      const { text, failures } = writer.batch(batch)
      return { length: batch.length, bytes: Buffer.from(text), failures }
    }
    try {
      let number = 0
      for await (const batch of encoded ?? input['in']!) {
        const { length, bytes, failures } = 'bytes' in batch ? batch : encode(batch)
        if (bytes.length > 0) await write(bytes)
        for (const { reason, record, index } of failures) {
          const room = reject({ reason, record, number: number + index + 1 })
          if (room) await room
        }
        number += length
      }
      const rest = writer.end()
      if (rest !== '') await write(Buffer.from(rest))
      await gzip?.end()
      await file.commit()
    } finally {
      gzip?.destroy()
      await file.discard()
    }
  },
})

/** How the settings say the records are written. */
function optionsOf(config: {
  path: string
  format: 'auto' | Format
  columns: string[]
  delimiter: 'auto' | (typeof DELIMITERS)[number]
}): WriteOptions {
  const { path, columns } = config
  const format = config.format === 'auto' ? formatOf(path) : config.format
  const auto = isTabSeparated(path) ? 'tab' : ','
  return { format, delimiter: delimiterOf(config.delimiter === 'auto' ? auto : config.delimiter), columns }
}

/** Writes a file, whole or not at all. */
import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { DELIMITERS, delimiterOf } from '../../formats/csv-dialect.ts'
import {
  FILE_FORMATS,
  fileFormatOf,
  isTabSeparated,
  type FileFormat,
  type Format,
} from '../../formats/format-name.ts'
import { GzipWriter } from '../../formats/gzip.ts'
import { openTarget, type TargetSetup } from '../../formats/pipe-target.ts'
import { ParquetWriter } from '../../formats/parquet-writer.ts'
import { recordEncoder, RecordWriter, type WriteOptions } from '../../formats/record-writer.ts'
import { moveInto } from '../../formats/target-copy.ts'
import { field } from '../../spec/fields.ts'
import {
  defineConsumer,
  ERROR_PORT,
  type Batch,
  type EncodedBatch,
  type RunContext,
} from '../../spec/node.ts'

const GZIPPED = /\.gz$/i
const csvOnly = { when: { format: ['auto', 'csv'] } }

export const writeFile = defineConsumer({
  type: 'write-file',
  title: 'Write file',
  summary: 'Writes records to a file: NDJSON, CSV, Parquet or lines, gzipped or not.',
  docs: `Writes its records in order. The file appears whole: it is written under a temporary name in the same folder, made
durable, and renamed when the input has ended.

- **The run fails** (a full disk, a failing node elsewhere, a forbidden path): what was there before is untouched and the
  temporary file is removed. A forbidden path or a missing folder fails at once, with the reason.
- **The run is stopped** by Stop or Ctrl-C: the records written so far are kept, and the file is complete in itself.
- **Weir is killed** in the middle: what was there before is untouched; the temporary file is removed by the next run
  that writes into the folder.
- **No records**: the file is empty, or holds the header where columns are given.
- Devices and pipes (\`/dev/stdout\`) are written to directly. Before a named pipe that nobody reads the node waits, until a
  reader comes or the run is stopped; a reader that goes fails the run.

*Auto* goes by the extension: \`.csv\`, \`.tsv\` and \`.tab\` are CSV, \`.ndjson\` and \`.jsonl\` are NDJSON,
\`.parquet\` is Parquet, all others lines. A path that ends in \`.gz\` is gzipped.

**CSV**: the header is made of the first record's fields, or of the columns that are given, and then only these are
written. A field that is missing or \`null\` is an empty cell, objects and arrays are JSON text, text is quoted where it
must be. **Lines**: text as it is, other values as JSON. In NDJSON, NaN and infinities are \`null\`, as always in JSON.

**Parquet**: each field is a column, packed with zstd; the types come from all records, so the file is made when the
input has ended, and until then the records wait in memory and in the temporary folder. Text, numbers, true and false,
arrays and objects come back from a \`file\` node as they were, NaN and -0 included. Whole numbers are 64 bits wide:
text of all digits beyond 2^53 joins a column of whole numbers, and comes back as that text. A \`Date\` comes back as
text in UTC. Where DuckDB does the whole chain, from a Parquet file to this one, a stopped run leaves what was there.
A field that is missing comes back as \`null\`, also within objects. Without records there is a file only
where columns are given.

**What leaves by \`error\`,** without a wire the first one stops the run: a record that JSON cannot hold (a big integer, a
function, \`undefined\`, an object that contains itself); for CSV, a record without fields, or with a field that is not
in the header; for lines, text with a line break in it; for Parquet, a value of another kind than the column had before (a text among
numbers), bytes within objects, dates beyond the years 1 to 9999, text with half a character in it, and fields whose
names differ in capitals only.`,
  config: () =>
    z.object({
      path: field(z.string().min(1), {
        title: 'Path',
        description: 'The file to write; a relative path counts from the flow file.',
        editor: 'path-out',
        placeholder: 'result.ndjson',
      }),
      format: field(z.enum(['auto', ...FILE_FORMATS]).default('auto'), {
        title: 'Format',
        description: 'Auto goes by the extension.',
      }),
      columns: field(z.array(z.string().min(1)).default([]), {
        title: 'Columns',
        description:
          'Columns of CSV and Parquet, in order; empty takes the fields of the first record, or of all.',
        editor: 'fields',
        when: { format: ['auto', 'csv', 'parquet'] },
      }),
      delimiter: field(z.enum(['auto', ...DELIMITERS]).default('auto'), {
        title: 'Delimiter',
        description: 'Between CSV fields; auto is a tab for .tsv, else a comma.',
        ...csvOnly,
        advanced: true,
      }),
    }),
  check(config): Record<string, string> {
    const { columns, path } = config
    if (new Set(columns).size < columns.length) return { columns: 'A column is named twice.' }
    if (formatOf(config) === 'parquet' && GZIPPED.test(path))
      return { path: 'Parquet is packed in itself; leave .gz out.' }
    return {}
  },
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
    const format = formatOf(config)
    // Parquet is made of all records at once.
    return format === 'parquet' ? undefined : recordEncoder(optionsOf(config, format))
  },
  async run(context) {
    const { config, input, encoded, io, reject, addBytes } = context
    const format = formatOf(config)
    if (format === 'parquet') return writeParquet(context)
    const writer = new RecordWriter(optionsOf(config, format))
    const file = await openTarget(io.resolve(config.path), targetSetup(context))
    const store = async (bytes: Uint8Array) => {
      await file.write(bytes)
      addBytes(bytes.length)
    }
    const gzip = GZIPPED.test(config.path) ? new GzipWriter(store) : undefined
    const write = (bytes: Uint8Array) => (gzip ? gzip.write(bytes) : store(bytes))
    const encode = (batch: Batch): EncodedBatch => {
      const { text, failures } = writer.batch(batch)
      return { length: batch.length, bytes: Buffer.from(text), failures }
    }
    const writeDue = async (columns?: readonly string[]) => {
      const due = writer.due(columns)
      if (due !== '') await write(Buffer.from(due))
    }
    try {
      let number = 0
      for await (const batch of encoded ?? input['in']!) {
        const { length, bytes, failures, header } = 'bytes' in batch ? batch : encode(batch)
        if (bytes.length > 0) {
          if (encoded) await writeDue(header as string[] | undefined)
          await write(bytes)
        }
        for (const { reason, record, index } of failures) {
          const room = reject({ reason, record, number: number + index + 1 })
          if (room) await room
        }
        number += length
      }
      await writeDue()
      await gzip?.end()
      await file.commit()
    } finally {
      gzip?.destroy()
      await file.discard()
    }
  },
})

interface Config {
  path: string
  format: 'auto' | FileFormat
  columns: string[]
  delimiter: 'auto' | (typeof DELIMITERS)[number]
}

function formatOf({ path, format }: Config): FileFormat {
  return format === 'auto' ? fileFormatOf(path) : format
}

function targetSetup({ io, clock, signal, tell }: RunContext<Config>): TargetSetup {
  return { guard: (path) => io.guard(path), clock, signal, tell }
}

/** How the settings say the records are written. */
function optionsOf({ path, columns, delimiter }: Config, format: Format): WriteOptions {
  const auto = isTabSeparated(path) ? 'tab' : ','
  return { format, delimiter: delimiterOf(delimiter === 'auto' ? auto : delimiter), columns }
}

/** Collects the records, makes the file beside the memory's other files, and puts it in place. */
async function writeParquet(context: RunContext<Config>): Promise<void> {
  const { config, input, io, memory, reject, addBytes, signal } = context
  const file = await openTarget(io.resolve(config.path), targetSetup(context))
  let writer: ParquetWriter | undefined
  let made: string | undefined
  try {
    const { columns } = config
    writer = await ParquetWriter.open({ columns, memoryMb: memory.limitMb, folder: memory.newFile() })
    let number = 0
    for await (const batch of input['in']!) {
      for (const { reason, record, index } of await writer.batch(batch)) {
        const room = reject({ reason, record, number: number + index + 1 })
        if (room) await room
      }
      number += batch.length
    }
    // Stopped before the first record: nothing was made, and what was there stays.
    if (signal.aborted && !writer.hasColumns) return
    made = memory.newFile()
    await writer.writeTo(made)
    await moveInto(file, made, addBytes)
    await file.commit()
  } finally {
    writer?.close()
    if (made !== undefined) await rm(made, { force: true })
    await file.discard()
  }
}

/** Reads a file. */
import { z } from 'zod'
import { fileBytes } from '../../formats/byte-source.ts'
import { readFields } from '../../formats/format-fields.ts'
import { FORMATS, formatOf, isTabSeparated } from '../../formats/format-name.ts'
import { splitFiles } from '../../formats/file-part.ts'
import type { FileShare } from '../../formats/file-part.ts'
import { PartReader } from '../../formats/part-reader.ts'
import { readRecords } from '../../formats/read-records.ts'
import type { ReadOptions } from '../../formats/read-records.ts'
import { sendBlocks } from '../../formats/send-blocks.ts'
import { field } from '../../spec/fields.ts'
import { defineGenerator, ERROR_PORT } from '../../spec/node.ts'
import type { RunContext } from '../../spec/node.ts'

const CONFIG = z.object({
  path: field(z.string().min(1), {
    title: 'Path',
    description: 'The file to read; a relative path counts from the flow file.',
    editor: 'path-in',
    placeholder: 'access.log',
  }),
  format: field(z.enum(['auto', ...FORMATS]).default('auto'), {
    title: 'Format',
    description: 'Auto goes by the extension.',
  }),
  ...readFields(['auto', 'csv']),
})

type Config = z.infer<typeof CONFIG>

export const file = defineGenerator({
  type: 'file',
  title: 'File',
  summary: 'Reads a file: lines of text, CSV or NDJSON, gzipped or not.',
  docs: `Reads a file from start to end, a piece at a time: memory stays flat whatever its size.

**Formats.** *Lines*: each line is a record, a plain string. *CSV*: each row is an object, named by the header or
\`column1\`, \`column2\`, …. *NDJSON*: each line is a JSON value. *Auto* goes by the extension: \`.csv\`, \`.tsv\` and
\`.tab\` are CSV, \`.ndjson\` and \`.jsonl\` are NDJSON, all others lines; \`.gz\` behind it does not count. Gzip is
known by its first bytes, whatever the name. A JSON document in one line can be read as
lines, with **parse** behind it; one over many lines has to be converted to NDJSON.

**CSV types.** With *infer*, an empty field is \`null\`, \`true\` and \`false\` are booleans, and a number is a number
only where nothing is lost: \`007\`, \`+1\`, \`1e5\` and 20-digit ids stay text. With *text* everything stays text.
Quoted fields may hold delimiters, doubled quotes and line breaks. A header name that is empty becomes \`columnN\`.

**What it takes as it comes.** LF and CRLF, a byte order mark, a last line without an end. Blank lines are skipped in
NDJSON and in CSV (but after the first row of a CSV of one column, where they are an empty field). An empty file gives no records.

**What leaves by \`error\`,** each with its line number and raw text; without a wire the first one stops the run:
a line that is not valid UTF-8 or holds NUL bytes; a CSV row with too few or too many fields, with text behind a closing
quote, or with a quote that is never closed (the lines after it are read again as rows); an NDJSON line that is not JSON.

**What fails the run:** a file that is missing, a folder, or unreadable; a binary file (a NUL byte within the first
64 KiB) or UTF-16; a line longer than the longest line allowed; a CSV header that names a field twice; gzip data that is
damaged or cut off.`,
  config: CONFIG,
  ports: {
    out: { out: { type: 'any', description: 'The records of the file, in order.' }, error: ERROR_PORT },
  },
  look: { icon: 'file-text', face: '{path}' },
  laws: { ordered: true },
  examples: [
    {
      title: 'Lines, the last one without an end',
      config: { path: 'words.txt' },
      files: { 'words.txt': 'one\r\ntwo\n\nthree' },
      out: { out: ['one', 'two', '', 'three'] },
    },
    {
      title: 'CSV with types',
      config: { path: 'people.csv' },
      files: { 'people.csv': 'name,age,zip\n"Lovelace, Ada",36,00501\nGrace,,10004\n' },
      out: {
        out: [
          { name: 'Lovelace, Ada', age: 36, zip: '00501' },
          { name: 'Grace', age: null, zip: 10004 },
        ],
      },
    },
    {
      title: 'A row with too few fields',
      config: { path: 'rows.csv', delimiter: ';' },
      files: { 'rows.csv': 'a;b\n1;2\n3\n4;5\n' },
      out: {
        out: [
          { a: 1, b: 2 },
          { a: 4, b: 5 },
        ],
        error: [
          {
            reason: 'The row has 1 field, but the header has 2.',
            node: 'file',
            record: '3',
            number: 3,
            line: 3,
          },
        ],
      },
    },
    {
      title: 'NDJSON; blank lines are skipped',
      config: { path: 'events.ndjson' },
      files: { 'events.ndjson': '{"id":1}\n\n{"id":2}\n' },
      out: { out: [{ id: 1 }, { id: 2 }] },
    },
    { title: 'An empty file', config: { path: 'empty.csv' }, files: { 'empty.csv': '' }, out: {} },
  ],
  split({ config, io }, wish) {
    return splitFiles([{ path: io.resolve(config.path), name: config.path }], wish)
  },
  async run(context) {
    const { config, io, signal, addBytes, progress, parts } = context
    if (parts) return readShares(parts as AsyncIterable<FileShare>, context)
    const bytes = fileBytes(io.resolve(config.path), {
      signal,
      read(count, done, total) {
        addBytes(count)
        if (total > 0) progress(done, total)
      },
    })
    await sendBlocks(readRecords(bytes, optionsFor(config.path, config)), context)
  },
})

/** Reads this worker's shares of the files. */
async function readShares(shares: AsyncIterable<FileShare>, context: RunContext<Config>): Promise<void> {
  const { config, signal, addBytes, progress } = context
  let total = 0
  let done = 0
  const reader = new PartReader({
    signal,
    read(bytes) {
      addBytes(bytes)
      progress((done += bytes), total)
    },
  })
  for await (const share of shares) {
    done = 0
    total = share.reduce((sum, { from, to }) => sum + to - from, 0)
    for (const part of share) {
      await sendBlocks(reader.records(part, optionsFor(part.name, config)), context)
    }
  }
}

function optionsFor(name: string, config: Config): ReadOptions {
  const tabs = config.delimiter === 'auto' && isTabSeparated(name)
  return {
    ...config,
    name,
    format: config.format === 'auto' ? formatOf(name) : config.format,
    delimiter: tabs ? 'tab' : config.delimiter,
  }
}

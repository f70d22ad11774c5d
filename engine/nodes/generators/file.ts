/** Reads a file. */
import { z } from 'zod'
import { recordsOfFiles, recordsOfShares } from '../../formats/file-records.ts'
import { splitFiles } from '../../formats/file-part.ts'
import type { FileShare } from '../../formats/file-part.ts'
import { readFields } from '../../formats/format-fields.ts'
import { FILE_FORMATS, fileFormatOf } from '../../formats/format-name.ts'
import { isPattern, sourceFiles } from '../../formats/glob.ts'
import { sendBlocks } from '../../formats/send-blocks.ts'
import { field } from '../../spec/fields.ts'
import { defineGenerator, ERROR_PORT } from '../../spec/node.ts'

const config = () =>
  z.object({
    path: field(z.string().min(1), {
      title: 'Path',
      description:
        'The file to read, or a pattern such as logs/*.gz; a relative path counts from the flow file.',
      editor: 'path-in',
      placeholder: 'access.log',
    }),
    format: field(z.enum(['auto', ...FILE_FORMATS]).default('auto'), {
      title: 'Format',
      description: 'Auto goes by the extension.',
    }),
    ...readFields(['auto', 'csv']),
  })

export const file = defineGenerator({
  type: 'file',
  title: 'File',
  summary: 'Reads files: lines of text, CSV, NDJSON or Parquet, gzipped or not.',
  docs: `Reads a file from start to end, a piece at a time: memory stays flat whatever its size.

**Several files.** In a path, \`*\` and \`?\` stand for any characters within a name, \`[ab]\` for one of some, \`{a,b}\`
for one of several texts, and \`**\` for folders at any depth: \`logs/*.log.gz\`, \`{2023,2024}/**/*.csv\`. All files that
match are read one after the other, in the order of their names (by character codes: \`10.csv\` comes before
\`9.csv\`), each by its own extension and with its own header; records of files with other headers stay as they are.
Names that begin with a dot are left out. A file of exactly this name goes first: \`a[1].csv\` is itself where it exists.
Failures begin with the name of their file, and their lines count from its start.

**Formats.** *Lines*: each line is a record, a plain string. *CSV*: each row is an object, named by the header or
\`column1\`, \`column2\`, …. *NDJSON*: each line is a JSON value. *Auto* goes by the extension: \`.csv\`, \`.tsv\` and
\`.tab\` are CSV, \`.ndjson\` and \`.jsonl\` are NDJSON, \`.parquet\` is Parquet, all others lines; \`.gz\` behind it does
not count. Gzip is known by its first bytes, whatever the name. A JSON document in one line can be read as
lines, with **parse** behind it; one over many lines has to be converted to NDJSON.

**CSV types.** With *infer*, an empty field is \`null\`, \`true\` and \`false\` are booleans, and a number is a number
only where nothing is lost: \`007\`, \`+1\`, \`1e5\` and 20-digit ids stay text. With *text* everything stays text.
Quoted fields may hold delimiters, doubled quotes and line breaks. A header name that is empty becomes \`columnN\`.

**Parquet.** Each row is an object of all columns, read one row group at a time. Compressed pages may be Snappy, gzip,
Zstandard, Brotli or LZ4. Integers beyond 2^53 and decimals of more than 15 digits are text with all digits; dates and
times are ISO text; bytes without a meaning are \`Uint8Array\`; lists are arrays, structs objects, maps arrays of
\`{ key, value }\`.

**What it takes as it comes.** LF and CRLF, a byte order mark, a last line without an end. Blank lines are skipped in
NDJSON and in CSV (but after the first row of a CSV of one column, where they are an empty field). An empty file gives no records.

**What leaves by \`error\`,** each with its line number and raw text; without a wire the first one stops the run:
a line that is not valid UTF-8 or holds NUL bytes; a CSV row with too few or too many fields, with text behind a closing
quote, or with a quote that is never closed (the lines after it are read again as rows); an NDJSON line that is not JSON.

**What fails the run:** a file that is missing, a folder, or unreadable; a binary file (a NUL byte within the first
64 KiB) or UTF-16; a line longer than the longest line allowed; a CSV header that names a field twice; gzip data that is
damaged or cut off; a Parquet file that is damaged, cut off or encrypted; a pattern that nothing matches; a file that
somebody else cuts off or rewrites meanwhile (one that only grows is read to its new end, or, where several workers share
it, up to the size that it had at the start).`,
  config,
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
    {
      title: 'Several files, each with its own header',
      config: { path: 'days/*.csv' },
      files: { 'days/2.csv': 'page,hits\n/,7\n', 'days/1.csv': 'page\n/a\n/b\n', 'days/notes.txt': 'no' },
      out: { out: [{ page: '/a' }, { page: '/b' }, { page: '/', hits: 7 }] },
    },
    { title: 'An empty file', config: { path: 'empty.csv' }, files: { 'empty.csv': '' }, out: {} },
  ],
  split({ config, io }, wish) {
    try {
      const files = sourceFiles(config.path, io)
      const split = splitFiles(files, wish)
      const formats = files.map(({ name }) => (config.format === 'auto' ? fileFormatOf(name) : config.format))
      const light = formats.every((format) => format === 'lines')
      return split && { ...split, ...(light && { light }) }
    } catch {
      // Nothing matches: `run` says so.
      return undefined
    }
  },
  async run(context) {
    const { config, io, parts } = context
    const options = { ...config, several: isPattern(config.path, io) }
    const blocks = parts
      ? recordsOfShares(parts as AsyncIterable<FileShare>, options, context)
      : recordsOfFiles(sourceFiles(config.path, io), options, context)
    await sendBlocks(blocks, context)
  },
})

/** From bytes to records in any of the formats: what `file`, `stdin` and sniffing share. */
import type { DelimiterName } from './csv-dialect.ts'
import { readCsv } from './csv-reader.ts'
import type { Format } from './format-name.ts'
import { unpacked } from './gzip.ts'
import { readLines } from './line-reader.ts'
import { readNdjson } from './ndjson-reader.ts'
import type { ReadBlock } from './read-block.ts'
import { readText } from './text-reader.ts'

export interface ReadOptions {
  /** Of the file or stream, for messages. */
  name: string
  format: Format
  maxLineBytes: number
  delimiter: DelimiterName | 'auto'
  header: boolean
  types: 'infer' | 'text'
}

/**
 * Reads the bytes, unpacked first where they are gzip.
 * @throws NodeError where the whole source is unreadable; single lines that are become failures
 */
export function readRecords(bytes: AsyncIterable<Buffer>, options: ReadOptions): AsyncGenerator<ReadBlock> {
  const { name, format, maxLineBytes } = options
  const lines = readLines(unpacked(bytes, name), { name, maxLineBytes, keepCr: format === 'csv' })
  if (format === 'csv') return readCsv(lines, options)
  return format === 'ndjson' ? readNdjson(lines) : readText(lines)
}

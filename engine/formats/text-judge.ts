/** Judges what a text file is by its name and its first lines. */
import { NodeError } from '../spec/node-error.ts'
import { accessLogReader } from './access-log.ts'
import { guessDelimiter, guessHeader } from './csv-dialect.ts'
import { extensionOf, formatOf, isTabSeparated } from './format-name.ts'
import type { Format } from './format-name.ts'

export interface Judgement {
  format: Format
  /** False where the first row of a CSV file is data. */
  header?: boolean
  /** A processor that belongs behind it. */
  behind?: { type: string; config: Record<string, unknown> }
}

const LINES_LOOKED_AT = 50
/** So many of the lines must fit; a log may hold a broken one. */
const MOST = 0.8
/** A JSON document in one line can be read as a line up to the default of the longest line. */
const ONE_LINE_BYTES = 16 * 1024 * 1024

/**
 * `bytes` is the unpacked start of the file, `whole` where that is all of it, `sizeBytes` the size on disk.
 * @throws NodeError for JSON that is neither one value per line nor one line
 */
export function judgeText(
  { bytes, whole }: { bytes: Buffer; whole: boolean },
  path: string,
  sizeBytes: number,
): Judgement {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const lines = text.split(/\r?\n/)
  if (!whole && lines.length > 1) lines.pop()
  const shown = lines.filter((line) => line.trim() !== '').slice(0, LINES_LOOKED_AT)

  if (formatOf(path) === 'csv') {
    const delimiter = isTabSeparated(path) ? 'tab' : guessDelimiter(shown)
    return { format: 'csv', header: guessHeader(shown, delimiter) }
  }
  if (formatOf(path) === 'ndjson') return { format: 'ndjson' }
  if (shown.length > 0 && mostOf(shown, isJsonObject)) return { format: 'ndjson' }
  if (extensionOf(path) === 'json' && shown.length > 0)
    return judgeDocument(shown, path, whole ? 0 : sizeBytes)
  const behind = accessLog(shown) ? { type: 'parse', config: { as: 'access-log' } } : undefined
  return { format: 'lines', behind }
}

/** A file that holds one JSON value: fine as a single line, else to be converted. */
function judgeDocument(lines: readonly string[], path: string, sizeBytes: number): Judgement {
  if (lines.length === 1 && sizeBytes <= ONE_LINE_BYTES) {
    return { format: 'lines', behind: { type: 'parse', config: { as: 'json' } } }
  }
  throw new NodeError(`${path} is one JSON document over many lines, not one record per line.`, {
    remedy: 'Convert it to NDJSON, for example with jq -c ".[]", and use that.',
    field: 'path',
  })
}

function accessLog(lines: readonly string[]): boolean {
  if (lines.length === 0) return false
  const read = accessLogReader()
  return mostOf(lines, (line) => {
    try {
      read(line)
      return true
    } catch {
      return false
    }
  })
}

function isJsonObject(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function mostOf(lines: readonly string[], fits: (line: string) => boolean): boolean {
  return lines.filter(fits).length >= lines.length * MOST
}

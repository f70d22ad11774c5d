/** One CSV row in one text: RFC 4180, with any one-character delimiter. */
import { plainFields, RowSplitter } from './csv-row.ts'

/**
 * The values of a row. Quoted values may hold the delimiter, line breaks and doubled quotes.
 * @throws Error where a quote is not closed, or something other than the delimiter follows a closed one
 */
export function splitCsvLine(line: string, delimiter: string): string[] {
  const text = line.endsWith('\n') ? line.slice(0, -1) : line
  const row = text.endsWith('\r') ? text.slice(0, -1) : text
  if (!row.includes('"')) return plainFields(row, delimiter)
  // A text with line breaks is one line to the splitter: what lies between quotes may hold anything.
  const outcome = new RowSplitter(delimiter).push(row)
  if (Array.isArray(outcome)) return outcome
  throw new Error(outcome === 'open' ? 'a quote is not closed' : outcome.reason)
}

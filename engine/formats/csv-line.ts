/** One CSV row in one text: RFC 4180, with any one-character delimiter. */

/**
 * The values of a row. Quoted values may hold the delimiter, line breaks and doubled quotes.
 * @throws Error where a quote is not closed, or something other than the delimiter follows a closed one
 */
export function splitCsvLine(line: string, delimiter: string): string[] {
  const text = line.endsWith('\n') ? line.slice(0, -1) : line
  const row = text.endsWith('\r') ? text.slice(0, -1) : text
  return row.includes('"') ? splitQuoted(row, delimiter) : row.split(delimiter)
}

function splitQuoted(row: string, delimiter: string): string[] {
  const values: string[] = []
  let at = 0
  for (;;) {
    if (row[at] !== '"') {
      const end = row.indexOf(delimiter, at)
      values.push(end < 0 ? row.slice(at) : row.slice(at, end))
      if (end < 0) return values
      at = end + 1
      continue
    }
    const close = closingQuote(row, at)
    if (close < 0) throw new Error(`the quote that opens at column ${at + 1} is not closed`)
    const value = row.slice(at + 1, close)
    values.push(value.includes('"') ? value.replaceAll('""', '"') : value)
    at = close + 1
    if (at === row.length) return values
    if (row[at] !== delimiter) {
      throw new Error(
        `${JSON.stringify(row[at])} follows the closing quote at column ${at}; a delimiter is expected`,
      )
    }
    at++
  }
}

/** Where the quote that opens at `open` closes, or -1. */
function closingQuote(row: string, open: number): number {
  let at = row.indexOf('"', open + 1)
  while (at >= 0 && row[at + 1] === '"') at = row.indexOf('"', at + 2)
  return at
}

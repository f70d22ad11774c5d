/** Guesses how a CSV file is written from its first lines: the delimiter, and whether the first row names the fields. */
import { inferValue } from './csv-value.ts'
import { isTabSeparated } from './format-name.ts'
import { RowSplitter } from './csv-row.ts'

/** Delimiters as the config names them. */
export const DELIMITERS = [',', ';', 'tab', '|'] as const
export type DelimiterName = (typeof DELIMITERS)[number]

const LINES_LOOKED_AT = 20

/** The character behind a name. */
export function delimiterOf(name: DelimiterName): string {
  return name === 'tab' ? '\t' : name
}

/** What the config says, made exact where the file's name promises tabs. */
export function delimiterFor(file: string, delimiter: DelimiterName | 'auto'): DelimiterName | 'auto' {
  return delimiter === 'auto' && isTabSeparated(file) ? 'tab' : delimiter
}

/** The delimiter that splits the first lines into the most fields that agree with each other; a comma where none does. */
export function guessDelimiter(lines: readonly string[]): DelimiterName {
  let best: DelimiterName = ','
  let bestScore = 0
  for (const name of DELIMITERS) {
    const counts = firstRows(lines, name).map((row) => row.length)
    const width = counts[0] ?? 1
    if (width < 2) continue
    const agreeing = counts.filter((count) => count === width).length / counts.length
    const score = agreeing * 1000 + Math.min(width, 999)
    if (score > bestScore) {
      best = name
      bestScore = score
    }
  }
  return best
}

/** True where the first row reads like names: no empty or doubled field, and no number, while others may hold some. */
export function guessHeader(lines: readonly string[], delimiter: DelimiterName): boolean {
  const [first] = firstRows(lines, delimiter)
  if (!first || first.length === 0) return true
  const named = first.filter((text) => text !== '')
  if (named.length < first.length - 1 || new Set(named).size < named.length) return false
  return named.every((text) => typeof inferValue(text) === 'string' && !/^[-+]?[\d.]/.test(text))
}

function firstRows(lines: readonly string[], delimiter: DelimiterName): string[][] {
  const splitter = new RowSplitter(delimiterOf(delimiter))
  const rows: string[][] = []
  for (const line of lines.slice(0, LINES_LOOKED_AT)) {
    if (line.trim() === '') continue
    const row = splitter.push(line)
    if (Array.isArray(row)) rows.push(row)
  }
  return rows
}

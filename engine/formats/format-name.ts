/** The formats of data files, and which one a file's name stands for. */

/** What can be read and written. */
export const FORMATS = ['lines', 'csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** What can be read from files; Parquet needs its end first, so it cannot come out of a pipe. */
export const FILE_FORMATS = [...FORMATS, 'parquet'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

const BY_EXTENSION: Record<string, Format> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
}

/** The last extension of a path in lower case, `.gz` left out: "csv" for `a/B.CSV.gz`; empty where there is none. */
export function extensionOf(path: string): string {
  const name = path.replace(/^.*[/\\]/, '').replace(/\.gz$/i, '')
  return /[^.]\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** The format that a path stands for; lines where its extension says nothing. */
export function formatOf(path: string): Format {
  return BY_EXTENSION[extensionOf(path)] ?? 'lines'
}

/** The same for a file to read, which may be Parquet. */
export function fileFormatOf(path: string): FileFormat {
  return extensionOf(path) === 'parquet' ? 'parquet' : formatOf(path)
}

/** True where the name promises tabs between the fields. */
export function isTabSeparated(path: string): boolean {
  return ['tsv', 'tab'].includes(extensionOf(path))
}

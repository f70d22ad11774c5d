/** What the footer of a Parquet file tells, read without the rest of it: rows, columns, and what their values can be. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { parquetMetadata, parquetSchema } from 'hyparquet'
import type { FileMetaData, SchemaElement, Statistics } from 'hyparquet'
import { parquetKind, type ParquetKind } from '../formats/parquet-values.ts'

export interface ParquetColumn {
  name: string
  /** Absent for lists, structs and maps. */
  kind?: ParquetKind
  nullable: boolean
  /** Least and greatest stored value, for whole numbers and times whose row groups all tell. */
  bounds?: { min: bigint; max: bigint }
}

/** One file as it was when its footer was read. */
export interface FileMark {
  path: string
  bytes: number
  mtimeMs: number
}

export interface ParquetFacts {
  /** In the order of their records, with the rows of each row group. */
  files: (FileMark & { groups: readonly number[] })[]
  /** All together. */
  bytes: number
  rows: number
  columns: ParquetColumn[]
}

/** The path of a file that is no longer as it was. */
export function changedFile({ files }: { files: readonly FileMark[] }): string | undefined {
  return files.find(({ path, bytes, mtimeMs }) => {
    const now = statSync(path, { throwIfNoEntry: false })
    return now?.size !== bytes || now.mtimeMs !== mtimeMs
  })?.path
}

const MAGIC = 'PAR1'
/** Footers of files with very many row groups are not worth reading twice. */
const LARGEST_FOOTER = 16 * 1024 * 1024

/** Half a sentence where not: files that cannot be read, are no plain Parquet, or differ. The reader of rows says what is wrong. */
export function parquetFacts(paths: readonly string[]): ParquetFacts | string {
  let all: ParquetFacts | undefined
  for (const path of paths) {
    const facts = factsOf(path)
    if (!facts) return 'a file is not there, or no plain Parquet file'
    const joined: ParquetFacts | undefined = all ? joinFacts(all, facts) : facts
    if (!joined) return 'the files differ in their columns'
    all = joined
  }
  return all ?? 'there is no file'
}

function factsOf(path: string): ParquetFacts | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const stats = fstatSync(file)
    if (!stats.isFile()) return undefined
    const footer = readFooter(file, stats.size)
    if (!footer) return undefined
    const metadata = parquetMetadata(footer, { parsers: STORED, geoparquet: false })
    const { size: bytes, mtimeMs } = stats
    const groups = metadata.row_groups.map((group) => Number(group.num_rows))
    return {
      files: [{ path, bytes, mtimeMs, groups }],
      bytes,
      rows: Number(metadata.num_rows),
      columns: columnsOf(metadata),
    }
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** What holds for both; undefined where they do not have the same columns in the same order. */
function joinFacts(a: ParquetFacts, b: ParquetFacts): ParquetFacts | undefined {
  if (a.columns.length !== b.columns.length) return undefined
  const columns: ParquetColumn[] = []
  for (const [at, one] of a.columns.entries()) {
    const other = b.columns[at]!
    const same =
      one.name === other.name && one.kind && JSON.stringify(one.kind) === JSON.stringify(other.kind)
    if (!same) return undefined
    const bounds = one.bounds &&
      other.bounds && {
        min: one.bounds.min < other.bounds.min ? one.bounds.min : other.bounds.min,
        max: one.bounds.max > other.bounds.max ? one.bounds.max : other.bounds.max,
      }
    const nullable = one.nullable || other.nullable
    columns.push({ name: one.name, kind: one.kind!, nullable, ...(bounds && { bounds }) })
  }
  return { files: [...a.files, ...b.files], bytes: a.bytes + b.bytes, rows: a.rows + b.rows, columns }
}

/** Statistics stay as they are stored. */
const STORED = {
  timestampFromMilliseconds: (ticks: bigint) => ticks,
  timestampFromMicroseconds: (ticks: bigint) => ticks,
  timestampFromNanoseconds: (ticks: bigint) => ticks,
  dateFromDays: (days: number) => days,
  stringFromBytes: () => undefined,
} as unknown as NonNullable<Parameters<typeof parquetMetadata>[1]>['parsers']

function readFooter(file: number, size: number): Uint8Array | undefined {
  const end = Buffer.alloc(8)
  if (size < 12 || readSync(file, end, 0, 8, size - 8) < 8) return undefined
  const length = end.readUInt32LE(0) + 8
  if (end.toString('latin1', 4) !== MAGIC || length > size || length > LARGEST_FOOTER) return undefined
  const footer = Buffer.alloc(length)
  return readSync(file, footer, 0, length, size - length) === length ? footer : undefined
}

function columnsOf(metadata: FileMetaData): ParquetColumn[] {
  return parquetSchema(metadata).children.map(({ element, children }) => {
    const { name } = element
    if (children.length > 0 || element.repetition_type === 'REPEATED') return { name, nullable: true }
    const kind = parquetKind(element)
    const statistics = metadata.row_groups.map(
      ({ columns }) =>
        columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === name)?.meta_data?.statistics,
    )
    const bounds = boundsOf(element, statistics, metadata)
    return { name, kind, nullable: mayBeNull(element, statistics), ...(bounds && { bounds }) }
  })
}

function mayBeNull(element: SchemaElement, statistics: readonly (Statistics | undefined)[]): boolean {
  if (element.repetition_type === 'REQUIRED') return false
  return statistics.length === 0 || statistics.some((group) => group?.null_count !== 0n)
}

function boundsOf(
  element: SchemaElement,
  statistics: readonly (Statistics | undefined)[],
  { row_groups: groups }: FileMetaData,
): ParquetColumn['bounds'] {
  const { kind, ...rest } = parquetKind(element)
  const signed = kind === 'integer' && 'signed' in rest && rest.signed
  if (!signed && kind !== 'timestamp' && kind !== 'date') return undefined
  let bounds: ParquetColumn['bounds']
  for (const [at, group] of statistics.entries()) {
    // A row group of nothing but nulls has no least value.
    if (group?.null_count !== undefined && group.null_count === groups[at]!.num_rows) continue
    const min = stored(group?.min_value ?? group?.min)
    const max = stored(group?.max_value ?? group?.max)
    if (min === undefined || max === undefined) return undefined
    bounds = {
      min: bounds && bounds.min < min ? bounds.min : min,
      max: bounds && bounds.max > max ? bounds.max : max,
    }
  }
  return bounds ?? { min: 0n, max: 0n }
}

function stored(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

/** The data sets by name: how large each is and how it is made. */
import { accessLogLines } from './access-log.ts'
import { EVENT_COLUMNS } from './event-columns.ts'
import { eventLines } from './events.ts'

interface AnySet {
  /** What it is, for people. */
  title: string
  extension: string
  /** Lines or records at this scale. */
  records(scale: number): number
}

/** A text that is made line by line. */
export interface TextSet extends AnySet {
  /** Calls `write` with all of its lines. */
  make(records: number, scale: number, write: (line: string) => void): void
}

/** Another set in another format, which DuckDB writes. */
export interface ConvertedSet extends AnySet {
  from: 'events'
  /** The statement that reads one file and writes the other. */
  convert(from: string, to: string): string
}

export type DataId = 'log-many' | 'log-few' | 'events' | 'events-csv' | 'events-parquet'

/** To be raised with every change of what a generator writes: older files are made anew. */
export const DATA_VERSION = 1

const LOG_LINES = 4_600_000
const EVENTS = 3_000_000
const scaled = (full: number) => (scale: number) => Math.max(1, Math.round(full * scale))

export const DATA_SETS: Record<DataId, TextSet | ConvertedSet> = {
  'log-many': {
    title: 'access log, combined format; pages by Zipf’s law, 300 000 of them at scale 1',
    extension: 'log',
    records: scaled(LOG_LINES),
    make: (lines, scale, write) =>
      accessLogLines({ lines, pages: Math.max(1000, Math.round(300_000 * scale)), seed: 1 }, write),
  },
  'log-few': {
    title: 'access log, combined format; pages by Zipf’s law, 200 of them',
    extension: 'log',
    records: scaled(LOG_LINES),
    make: (lines, _, write) => accessLogLines({ lines, pages: 200, seed: 2 }, write),
  },
  events: {
    title: 'API events as NDJSON; users by Zipf’s law, 50 000 of them',
    extension: 'ndjson',
    records: scaled(EVENTS),
    make: (records, _, write) => eventLines({ records, users: 50_000, seed: 3 }, 'ndjson', write),
  },
  'events-csv': {
    title: 'the same events as CSV',
    extension: 'csv',
    records: scaled(EVENTS),
    make: (records, _, write) => eventLines({ records, users: 50_000, seed: 3 }, 'csv', write),
  },
  'events-parquet': {
    title: 'the same events as Parquet',
    extension: 'parquet',
    records: scaled(EVENTS),
    from: 'events',
    convert: (from, to) =>
      `COPY (SELECT * FROM read_json('${from}', format = 'newline_delimited', columns = ${EVENT_COLUMNS})) ` +
      `TO '${to}' (FORMAT parquet)`,
  },
}

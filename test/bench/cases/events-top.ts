/** NDJSON and CSV: keep what succeeded, sum bytes by user, the ten largest. */
import { DATA_SETS } from '../data/sets.ts'
import { WEIR } from './case.ts'
import type { RaceCase } from './case.ts'
import { chainFlow } from './chain-flow.ts'
import { EVENT_COLUMNS } from '../data/event-columns.ts'

function flowOf(path: string, format: 'ndjson' | 'csv' | 'parquet') {
  return chainFlow('Users by bytes', [
    { id: 'events', type: 'file', config: { path, format } },
    { id: 'good', type: 'filter', config: { condition: 'record.status === 200' } },
    {
      id: 'users',
      type: 'group',
      config: { by: ['user'], aggregates: [{ as: 'bytes', fn: 'sum', field: 'bytes' }] },
    },
    { id: 'top', type: 'top', config: { by: 'bytes', n: 10 } },
    { id: 'out', type: 'table' },
  ])
}

function sqlOver(source: string): string {
  return `SELECT user, sum(bytes) AS total FROM ${source} WHERE status = 200 GROUP BY user ORDER BY total DESC LIMIT 10`
}

export const eventsTop: RaceCase = {
  kind: 'race',
  id: 'ndjson-top',
  title: 'NDJSON: filter, sum by key, top 10',
  work: 'Reads NDJSON, keeps status 200, sums bytes by user, prints the ten largest.',
  data: ['events'],
  records: DATA_SETS.events.records,
  flow: ({ data }) => flowOf(data('events'), 'ndjson'),
  contenders: [
    WEIR,
    {
      id: 'jq',
      title: 'jq, awk, sort',
      share: 0.25,
      command: ({ data }) => ({
        peer: 'shell',
        needs: ['jq'],
        script:
          `jq -r 'select(.status == 200) | "\\(.user) \\(.bytes)"' '${data('events')}' | ` +
          `awk '{s[$1] += $2} END {for (u in s) printf "%s\\t%.0f\\n", u, s[u]}' | sort -k2,2nr | head -10`,
      }),
    },
    {
      id: 'duckdb',
      title: 'DuckDB',
      command: ({ data }) => ({
        peer: 'duckdb',
        sql: sqlOver(
          `read_json('${data('events')}', format = 'newline_delimited', columns = {user: 'VARCHAR', status: 'INTEGER', bytes: 'BIGINT'})`,
        ),
      }),
    },
    {
      id: 'polars',
      title: 'Polars',
      command: ({ data }) => ({ peer: 'polars', script: 'events_top.py', args: ['ndjson', data('events')] }),
    },
    {
      id: 'go-channels',
      title: 'Go, a channel send a line',
      share: 0.25,
      command: ({ data }) => ({ peer: 'go', args: ['events-channels', data('events')] }),
    },
    {
      id: 'go-batches',
      title: 'Go, batches, two parsers',
      command: ({ data }) => ({ peer: 'go', args: ['events-batches', data('events')] }),
    },
    {
      id: 'node',
      title: 'Node object streams',
      share: 0.25,
      command: ({ data }) => ({ peer: 'node', script: 'events-top.mjs', args: [data('events')] }),
    },
  ],
  answer: 'rows',
  bars: [
    { kind: 'speed', than: 'duckdb', atLeast: 1 / 1.5, say: 'at most 1.5 × the time of DuckDB alone' },
    { kind: 'speed', than: 'jq', atLeast: 10, say: 'at least 10 × jq' },
  ],
}

export const csvTop: RaceCase = {
  kind: 'race',
  id: 'csv-top',
  title: 'CSV: filter, sum by key, top 10',
  work: 'The same events and the same question, as CSV.',
  data: ['events-csv'],
  records: DATA_SETS['events-csv'].records,
  flow: ({ data }) => flowOf(data('events-csv'), 'csv'),
  contenders: [
    WEIR,
    {
      id: 'awk',
      title: 'awk, sort',
      command: ({ data }) => ({
        peer: 'shell',
        script: `awk -F, '$4 == 200 {s[$3] += $7} END {for (u in s) printf "%s\\t%.0f\\n", u, s[u]}' '${data('events-csv')}' | sort -k2,2nr | head -10`,
      }),
    },
    {
      id: 'duckdb',
      title: 'DuckDB',
      command: ({ data }) => ({
        peer: 'duckdb',
        sql: sqlOver(`read_csv('${data('events-csv')}', columns = ${EVENT_COLUMNS})`),
      }),
    },
    {
      id: 'polars',
      title: 'Polars',
      command: ({ data }) => ({ peer: 'polars', script: 'events_top.py', args: ['csv', data('events-csv')] }),
    },
  ],
  answer: 'rows',
  bars: [],
}

export const parquetTop: RaceCase = {
  kind: 'race',
  id: 'parquet-top',
  title: 'Parquet: filter, sum by key, top 10',
  work: 'The same events and the same question, as Parquet.',
  data: ['events-parquet'],
  records: DATA_SETS['events-parquet'].records,
  needs: { fileFormat: 'parquet' },
  flow: ({ data }) => flowOf(data('events-parquet'), 'parquet'),
  contenders: [
    WEIR,
    {
      id: 'duckdb',
      title: 'DuckDB',
      command: ({ data }) => ({ peer: 'duckdb', sql: sqlOver(`'${data('events-parquet')}'`) }),
    },
    {
      id: 'polars',
      title: 'Polars',
      command: ({ data }) => ({
        peer: 'polars',
        script: 'events_top.py',
        args: ['parquet', data('events-parquet')],
      }),
    },
  ],
  answer: 'rows',
  bars: [],
}

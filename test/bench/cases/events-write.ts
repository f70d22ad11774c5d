/** NDJSON in, NDJSON out, with JavaScript between. */
import { DATA_SETS } from '../data/sets.ts'
import { WEIR } from './case.ts'
import type { RaceCase } from './case.ts'
import { chainFlow } from './chain-flow.ts'
import { EVENT_COLUMNS } from '../data/event-columns.ts'

export const eventsWrite: RaceCase = {
  kind: 'race',
  id: 'ndjson-write',
  title: 'NDJSON: filter, derive with JavaScript, write NDJSON',
  work: 'Reads NDJSON, keeps status 200, derives two fields, writes whole records as NDJSON.',
  data: ['events'],
  records: DATA_SETS.events.records,
  flow: ({ data, out }) =>
    chainFlow('Slow requests', [
      { id: 'events', type: 'file', config: { path: data('events'), format: 'ndjson' } },
      { id: 'good', type: 'filter', config: { condition: 'record.status === 200' } },
      {
        id: 'more',
        type: 'derive',
        config: {
          fields: [
            { field: 'kb', value: 'Math.floor(record.bytes / 1024)' },
            { field: 'slow', value: 'record.ms > 500' },
          ],
        },
      },
      { id: 'out', type: 'write-file', config: { path: out, format: 'ndjson' } },
    ]),
  contenders: [
    WEIR,
    {
      id: 'jq',
      title: 'jq',
      share: 0.1,
      command: ({ data, out }) => ({
        peer: 'shell',
        needs: ['jq'],
        script: `jq -c 'select(.status == 200) | .kb = (.bytes / 1024 | floor) | .slow = (.ms > 500)' '${data('events')}' > '${out}'`,
      }),
    },
    {
      id: 'duckdb',
      title: 'DuckDB',
      command: ({ data, out }) => ({
        peer: 'duckdb',
        sql:
          `COPY (SELECT *, bytes // 1024 AS kb, ms > 500 AS slow FROM read_json('${data('events')}', ` +
          `format = 'newline_delimited', columns = ${EVENT_COLUMNS}) WHERE status = 200) TO '${out}' (FORMAT json)`,
      }),
    },
    {
      id: 'polars',
      title: 'Polars',
      command: ({ data, out }) => ({
        peer: 'polars',
        script: 'events_write.py',
        args: [data('events'), out],
      }),
    },
    {
      id: 'go-batches',
      title: 'Go, batches, two workers',
      command: ({ data, out }) => ({ peer: 'go', args: ['events-write', data('events'), out] }),
    },
    {
      id: 'node',
      title: 'Node object streams',
      share: 0.25,
      command: ({ data, out }) => ({ peer: 'node', script: 'events-write.mjs', args: [data('events'), out] }),
    },
    {
      id: 'benthos',
      title: 'Benthos',
      share: 0.25,
      command: ({ data, out }) => ({
        peer: 'benthos',
        config: 'events-write.yaml',
        env: { BENCH_IN: data('events'), BENCH_OUT: out },
      }),
    },
  ],
  answer: 'ndjson-file',
  bars: [{ kind: 'rate', atLeast: 1_300_000, say: 'at least 1.3 million records/s' }],
}

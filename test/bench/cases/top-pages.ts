/** Top 5 pages of an access log, with many distinct pages and with few. */
import { DATA_SETS } from '../data/sets.ts'
import { MB, WEIR } from './case.ts'
import type { Contender, RaceCase } from './case.ts'
import { chainFlow } from './chain-flow.ts'

type Log = 'log-many' | 'log-few'

const FIELDS = ['host', 'ident', 'account', 'day', 'zone', 'request', 'status', 'bytes', 'referrer', 'agent']

function contenders(log: Log): [Contender, ...Contender[]] {
  return [
    WEIR,
    {
      id: 'shell',
      title: 'shell: awk, sort, uniq',
      command: ({ data }) => ({
        peer: 'shell',
        script: `awk '{print $7}' '${data(log)}' | sort | uniq -c | sort -rn | head -5 | awk '{print $2 "\\t" $1}'`,
      }),
    },
    {
      id: 'awk',
      title: 'awk with a table',
      command: ({ data }) => ({
        peer: 'shell',
        script: `awk '{n[$7]++} END {for (p in n) print p "\\t" n[p]}' '${data(log)}' | sort -k2,2nr | head -5`,
      }),
    },
    {
      id: 'duckdb',
      title: 'DuckDB',
      command: ({ data }) => ({ peer: 'duckdb', sql: topPagesSql(data(log)) }),
    },
    {
      id: 'polars',
      title: 'Polars',
      command: ({ data }) => ({ peer: 'polars', script: 'top_pages.py', args: [data(log)] }),
    },
    {
      id: 'go-channels',
      title: 'Go, a channel send a line',
      command: ({ data }) => ({ peer: 'go', args: ['top-pages-channels', data(log)] }),
    },
    {
      id: 'go-batches',
      title: 'Go, batches of lines',
      command: ({ data }) => ({ peer: 'go', args: ['top-pages-batches', data(log)] }),
    },
    {
      id: 'go-tuned',
      title: 'Go, blocks of bytes, tuned by hand',
      command: ({ data }) => ({ peer: 'go', args: ['top-pages-tuned', data(log)] }),
    },
    {
      id: 'node',
      title: 'Node object streams',
      share: 0.25,
      command: ({ data }) => ({ peer: 'node', script: 'top-pages.mjs', args: [data(log)] }),
    },
    {
      id: 'node-red',
      title: 'Node-RED',
      share: 0.02,
      command: ({ data }) => ({ peer: 'node-red', flow: 'top-pages.json', env: { BENCH_LOG: data(log) } }),
    },
  ]
}

/** Quoted fields hold blanks, so that the request is one column. */
function topPagesSql(path: string): string {
  const columns = FIELDS.map((name) => `${name}: 'VARCHAR'`).join(', ')
  return (
    `SELECT split_part(request, ' ', 2) AS page, count(*) AS hits FROM read_csv('${path}', delim = ' ', quote = '"', ` +
    `escape = '"', header = false, auto_detect = false, columns = {${columns}}) GROUP BY page ORDER BY hits DESC LIMIT 5`
  )
}

function topPages(log: Log, pages: string): RaceCase {
  return {
    kind: 'race',
    id: log === 'log-many' ? 'top-pages-many' : 'top-pages-few',
    title: `Top 5 pages, ${pages}`,
    work: 'Reads an access log, counts requests by page, prints the five most asked for.',
    data: [log],
    records: DATA_SETS[log].records,
    flow: ({ data }) =>
      chainFlow('Top pages', [
        { id: 'log', type: 'file', config: { path: data(log), format: 'lines' } },
        { id: 'page', type: 'parse', config: { as: 'access-log' } },
        { id: 'count', type: 'group', config: { by: ['path'], aggregates: [{ as: 'hits', fn: 'count' }] } },
        { id: 'top', type: 'top', config: { by: 'hits', n: 5 } },
        { id: 'out', type: 'table' },
      ]),
    contenders: contenders(log),
    answer: 'rows',
    bars: [
      { kind: 'speed', than: 'shell', atLeast: 5, say: 'at least 5 × the shell' },
      { kind: 'speed', than: 'duckdb', atLeast: 1, say: 'no slower than DuckDB alone' },
      { kind: 'speed', than: 'polars', atLeast: 1, say: 'no slower than Polars' },
      {
        kind: 'speed',
        than: 'go-tuned',
        atLeast: 1 / 2.5,
        say: 'at most 2.5 × the time of Go tuned by hand',
      },
      { kind: 'peak', atMost: 300 * MB, say: 'at most 300 MB' },
    ],
  }
}

export const topPagesMany = topPages('log-many', 'many distinct ones')
export const topPagesFew = topPages('log-few', 'few distinct ones')

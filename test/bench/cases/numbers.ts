/** A range of numbers through three nodes of JavaScript into a sum: plain numbers, records, and two branches. */
import { WEIR } from './case.ts'
import type { Contender, RaceCase, Scene } from './case.ts'
import { chainFlow, wire } from './chain-flow.ts'
import type { Step } from './chain-flow.ts'

const FULL = 100_000_000
const records = (scale: number) => Math.round(FULL * scale)

const rangeOf = ({ records }: Scene): Step => ({
  id: 'range',
  type: 'range',
  config: { from: 1, to: records },
})
const sumOf = (field?: string): Step => ({
  id: 'sum',
  type: 'group',
  config: { aggregates: [{ as: 'sum', fn: 'sum', ...(field && { field }) }] },
})
const TABLE: Step = { id: 'out', type: 'table' }

const go = (program: string, title: string, share = 1): Contender => ({
  id: program,
  title,
  share,
  command: ({ records }) => ({ peer: 'go', args: [program, String(records)] }),
})

const duckdb = (sql: (range: string) => string): Contender => ({
  id: 'duckdb',
  title: 'DuckDB',
  command: ({ records }) => ({ peer: 'duckdb', sql: sql(`range(1, ${records + 1}) AS t(n)`) }),
})

export const numbers: RaceCase = {
  kind: 'race',
  id: 'numbers',
  title: 'Range, three JavaScript nodes, sum: numbers',
  work: 'Numbers from 1: times 2, keep multiples of 3, plus 1, sum.',
  data: [],
  records,
  flow: (scene) =>
    chainFlow('Numbers', [
      rangeOf(scene),
      { id: 'double', type: 'map', config: { value: 'record * 2' } },
      { id: 'thirds', type: 'filter', config: { condition: 'record % 3 === 0' } },
      { id: 'next', type: 'map', config: { value: 'record + 1' } },
      sumOf(),
      TABLE,
    ]),
  contenders: [
    WEIR,
    go('numbers-channels', 'Go, a channel send a value', 0.03),
    go('numbers-buffered', 'Go, buffered channels (1024)', 0.1),
    go('numbers-batches', 'Go, batches of 1024, buffers reused'),
    duckdb((range) => `SELECT sum(m + 1) FROM (SELECT n * 2 AS m FROM ${range}) WHERE m % 3 = 0`),
    {
      id: 'polars',
      title: 'Polars',
      command: ({ records }) => ({ peer: 'polars', script: 'range_sum.py', args: [String(records)] }),
    },
    {
      id: 'node',
      title: 'Node object streams',
      share: 0.05,
      command: ({ records }) => ({ peer: 'node', script: 'numbers.mjs', args: [String(records)] }),
    },
    {
      id: 'node-red',
      title: 'Node-RED',
      share: 0.001,
      command: ({ records }) => ({
        peer: 'node-red',
        flow: 'numbers.json',
        env: { BENCH_RECORDS: String(records) },
      }),
    },
  ],
  answer: 'rows',
  bars: [
    { kind: 'rate', atLeast: 60_000_000, say: 'at least 60 million records/s' },
    {
      kind: 'speed',
      than: 'numbers-channels',
      atLeast: 30,
      say: 'at least 30 × Go with a channel send a value',
    },
    { kind: 'speed', than: 'numbers-buffered', atLeast: 8, say: 'at least 8 × Go with buffered channels' },
  ],
}

export const numberRecords: RaceCase = {
  kind: 'race',
  id: 'records',
  title: 'Range, three JavaScript nodes, sum: records of two fields',
  work: 'Records { n, m }: derive m = n times 2, keep multiples of 3, derive m plus 1, sum m.',
  data: [],
  records: (scale) => records(scale) / 4,
  flow: (scene) =>
    chainFlow('Records', [
      rangeOf(scene),
      { id: 'record', type: 'map', config: { value: '({ n: record, m: 0 })' } },
      { id: 'double', type: 'derive', config: { fields: [{ field: 'm', value: 'record.n * 2' }] } },
      { id: 'thirds', type: 'filter', config: { condition: 'record.m % 3 === 0' } },
      { id: 'next', type: 'derive', config: { fields: [{ field: 'm', value: 'record.m + 1' }] } },
      sumOf('m'),
      TABLE,
    ]),
  contenders: [
    WEIR,
    go('records-channels', 'Go, a channel send a record', 0.1),
    go('records-buffered', 'Go, buffered channels (1024)', 0.3),
    go('records-batches', 'Go, batches of 1024, buffers reused'),
    duckdb((range) => `SELECT sum(m + 1) FROM (SELECT n, n * 2 AS m FROM ${range}) WHERE m % 3 = 0`),
    {
      id: 'node',
      title: 'Node object streams',
      share: 0.1,
      command: ({ records }) => ({ peer: 'node', script: 'records.mjs', args: [String(records)] }),
    },
  ],
  answer: 'rows',
  bars: [{ kind: 'rate', atLeast: 15_000_000, say: 'at least 15 million records/s' }],
}

export const branches: RaceCase = {
  kind: 'race',
  id: 'fan-out',
  title: 'Range, fan-out to two, fan-in, sum',
  work: 'Numbers from 1, times 2; one branch keeps multiples of 3, the other adds 1; both merged and summed.',
  data: [],
  records: (scale) => records(scale) / 2,
  flow: (scene) => {
    const double: Step = { id: 'double', type: 'map', config: { value: 'record * 2' } }
    const thirds: Step = { id: 'thirds', type: 'filter', config: { condition: 'record % 3 === 0' } }
    const both: Step = { id: 'both', type: 'merge' }
    const next: Step = { id: 'next', type: 'map', config: { value: 'record + 1' } }
    const flow = chainFlow('Fan-out', [rangeOf(scene), double, thirds, both, sumOf(), TABLE])
    flow.nodes[next.id] = { type: next.type, config: next.config }
    flow.edges.push(wire(double, next), wire(next, both))
    return flow
  },
  contenders: [
    WEIR,
    go('fan-out-channels', 'Go, a channel send a value', 0.03),
    go('fan-out-buffered', 'Go, buffered channels (1024)', 0.1),
    duckdb(
      (range) =>
        `WITH d AS (SELECT n * 2 AS m FROM ${range}) SELECT sum(m) FROM (SELECT m FROM d WHERE m % 3 = 0 UNION ALL SELECT m + 1 FROM d)`,
    ),
  ],
  answer: 'rows',
  bars: [{ kind: 'rate', atLeast: 25_000_000, say: 'at least 25 million records/s' }],
}

/** The same flow with nothing to do: what each program costs before its first record. */
export const startUp: RaceCase = {
  ...numbers,
  id: 'start-up',
  title: 'Start-up: ten records',
  work: 'The numbers from 1 to 10 through the same nodes: start and end of each program, and nothing else.',
  records: () => 10,
  contenders: [WEIR, ...numbers.contenders.slice(1).map((contender) => ({ ...contender, share: 1 }))],
  bars: [],
}

const LONG = 5

/** A range that is so long that what happens once in a run hardly counts. */
export const longer = (of: RaceCase): RaceCase => ({
  ...of,
  id: `${of.id}-long`,
  title: `${of.title}, ${LONG} times as many`,
  records: (scale) => LONG * of.records(scale),
})

/** Flows of very many nodes: what it costs to start them. */
import { WEIR } from './case.ts'
import type { RaceCase } from './case.ts'
import { chainFlow, wire } from './chain-flow.ts'
import type { Step } from './chain-flow.ts'

const RECORDS = 1000
const RANGE: Step = { id: 'range', type: 'range', config: { from: 1, to: RECORDS } }
const SUM: Step = { id: 'sum', type: 'group', config: { aggregates: [{ as: 'sum', fn: 'sum' }] } }
const TABLE: Step = { id: 'out', type: 'table' }
const maps = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `map-${index + 1}`,
    type: 'map',
    config: { value: 'record + 1' },
  }))

export const chain: RaceCase = {
  kind: 'race',
  id: 'chain',
  title: '1 000 nodes in a chain',
  work: 'A thousand records through a thousand nodes; whole processes, so that the time bounds the start.',
  data: [],
  records: () => RECORDS,
  flow: () => chainFlow('Chain', [RANGE, ...maps(997), SUM, TABLE]),
  contenders: [
    WEIR,
    // The same work in SQL, so that the answer has somebody to agree with.
    {
      id: 'duckdb',
      title: 'DuckDB, as one sum',
      command: () => ({ peer: 'duckdb', sql: `SELECT sum(n + 997) FROM range(1, ${RECORDS + 1}) AS t(n)` }),
    },
  ],
  answer: 'rows',
  bars: [{ kind: 'seconds', atMost: 1, say: 'runs, and starts in under 1 s' }],
}

export const wide: RaceCase = {
  kind: 'race',
  id: 'wide',
  title: '500 parallel branches',
  work: 'A thousand records to five hundred branches of a node each, merged and summed.',
  data: [],
  records: () => RECORDS,
  flow: () => {
    const both: Step = { id: 'both', type: 'merge' }
    const flow = chainFlow('Wide', [both, SUM, TABLE])
    flow.nodes[RANGE.id] = { type: RANGE.type, config: RANGE.config }
    for (const map of maps(500)) {
      flow.nodes[map.id] = { type: map.type, config: map.config }
      flow.edges.push(wire(RANGE, map), wire(map, both))
    }
    return flow
  },
  contenders: [
    WEIR,
    {
      id: 'duckdb',
      title: 'DuckDB, as one sum',
      command: () => ({
        peer: 'duckdb',
        sql: `SELECT sum(n + 1) * 500 FROM range(1, ${RECORDS + 1}) AS t(n)`,
      }),
    },
  ],
  answer: 'rows',
  bars: [{ kind: 'seconds', atMost: 1, say: 'runs, and starts in under 1 s' }],
}

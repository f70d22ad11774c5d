/** What `npm run bench -- …` can be told. */
import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Size of the data: 1 is the full 1 GB log. */
  scale: number
  /** Timed runs of each contender, after one warm-up. */
  runs: number
  /** Ids of cases; empty means all. */
  cases: string[]
  /** Ids of peers; empty means all that are there. */
  peers: string[]
  install: boolean
  write: boolean
  list: boolean
  help: boolean
  /** Where the raw numbers go as JSON. */
  json?: string
  /** Numbers of an earlier bench, which are reported instead of measuring anew. */
  from?: string
}

export const HELP = `npm run bench -- [options]

  --scale N      size of the data, 0.001 to 1 (default 1: a log of 1 GB)
  --runs N       timed runs of each contender after one warm-up (default 5)
  --cases A,B    only these cases; --list names them
  --peers A,B    only these peers beside Weir: shell, duckdb, polars, go, benthos, node-red, node
  --install      first install DuckDB, Node-RED (npm) and Polars (pip) into the bench's own cache
  --write        write docs/benchmarks.md
  --json FILE    write every sample as JSON
  --from FILE    measure nothing; report what --json has written, with --write and the notes of today
  --list         name the cases and what is there to measure against, and end

Data goes to node_modules/.cache/weir-bench, or to the folder in WEIR_BENCH_DATA.
`

/** Reads the words behind the command; throws an Error that says what is wrong with them. */
export function readOptions(words: string[]): BenchOptions {
  const { values } = parseArgs({
    args: words,
    options: {
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '5' },
      cases: { type: 'string', default: '' },
      peers: { type: 'string', default: '' },
      install: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
    },
  })
  const scale = Number(values.scale)
  const runs = Number(values.runs)
  if (!(scale >= 0.001 && scale <= 1))
    throw new Error(`--scale ${values.scale}: give a number from 0.001 to 1.`)
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs ${values.runs}: give a whole number from 1.`)
  return { ...values, scale, runs, cases: names(values.cases), peers: names(values.peers) }
}

function names(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

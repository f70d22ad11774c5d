/**
 * Answers over real data against those of other programs: DuckDB, and awk, sort and uniq. Whatever runs a flow, in one
 * worker or several, has to give what they give, in the same order.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Flow } from '../engine/flow/model.ts'
import { duck, rowsOf } from './engine/duck.ts'
import { flowOf } from './engine/run-flow.ts'
import { startSharedRun, type Limits } from './engine/runtime/shared-run.ts'

const DATA = join(import.meta.dirname, '../node_modules/vega-datasets/data')
const LOG = join(import.meta.dirname, 'fixtures/access.log')

let folder: string
let db: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-answers-'))
  db = await duck()
  for (const name of ['flights-20k', 'movies', 'gapminder']) {
    const records = JSON.parse(readFileSync(join(DATA, `${name}.json`), 'utf8')) as unknown[]
    const path = join(folder, `${name}.ndjson`)
    writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    // Each row knows its place, for orders that go by it.
    await db.run(
      `CREATE TABLE "${name}" AS SELECT row_number() OVER () AS place, * FROM read_json('${path}', format = 'newline_delimited', sample_size = -1, convert_strings_to_integers = false, dateformat = 'none')`,
    )
    await db.run(
      `COPY (SELECT * EXCLUDE place FROM "${name}" ORDER BY place) TO '${join(folder, name)}.parquet' (FORMAT parquet)`,
    )
  }
  const texts = {
    airports: 'all_varchar = true',
    'flights-airport': 'all_varchar = false',
    'seattle-weather': "types = {'date': 'VARCHAR'}",
  }
  for (const [name, options] of Object.entries(texts)) {
    await db.run(
      `CREATE TABLE "${name}" AS SELECT row_number() OVER () AS place, * FROM read_csv('${join(DATA, `${name}.csv`)}', nullstr = '', ${options})`,
    )
  }
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const WAYS: Limits[] = [
  { workers: 1, tier: 'row' },
  { workers: 3, tier: 'row' },
  // Whatever the planner takes.
  { workers: 2 },
]

/** Of all answers. */
const tiers = new Set<string>()

async function answer(flow: Flow, way: Limits): Promise<unknown[]> {
  const { run, work, ended } = startSharedRun(flow, folder, way)
  for (const { tier, workers } of work.plan.stages) tiers.add(workers > 1 ? `${tier}, shared` : tier)
  expect(await ended).toEqual({ phase: 'done' })
  return run.rows('out')!.slice(0, 1_000_000)
}

type Step = [string, Record<string, unknown>?]

/** From a file through these nodes to a table. */
function chain(path: string, ...steps: Step[]): Flow {
  const nodes: Record<string, Step> = { file: ['file', { path }] }
  steps.forEach((step, at) => (nodes[`n${at}`] = step))
  nodes['out'] = ['table', { limit: 1_000_000 }]
  const ids = Object.keys(nodes)
  const wires = ids.slice(1).map((id, at) => {
    const from = ids[at]!
    return `${from}.${nodes[from]![0] === 'filter' ? 'kept' : 'out'} -> ${id}.in`
  })
  return flowOf(nodes, wires)
}

/** Sums of other programs round after each number: fractions are compared to eleven digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(11))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)]))
}

const sum = (as: string, field: string) => ({ as, fn: 'sum', field })
const count = (as = 'n') => ({ as, fn: 'count' })

/** By what is asked: the nodes behind the file, and the same in SQL. */
const QUESTIONS: [string, string, Step[], string][] = [
  [
    'late flights by origin, in the order in which they were seen',
    'flights-20k',
    [
      ['filter', { condition: 'record.delay > 15' }],
      [
        'group',
        {
          by: ['origin'],
          aggregates: [count(), sum('miles', 'distance'), { as: 'mean', fn: 'avg', field: 'delay' }],
        },
      ],
    ],
    'SELECT origin, count(*) AS n, sum(distance) AS miles, avg(delay) AS mean FROM "flights-20k" WHERE delay > 15 GROUP BY origin ORDER BY min(place)',
  ],
  [
    'destinations and most delayed by origin, the busiest first',
    'flights-20k',
    [
      [
        'group',
        {
          by: ['origin'],
          aggregates: [
            count(),
            { as: 'to', fn: 'distinct', field: 'destination' },
            { as: 'worst', fn: 'max', field: 'delay' },
            { as: 'first', fn: 'min', field: 'destination' },
          ],
        },
      ],
      [
        'sort',
        {
          by: [
            { field: 'n', order: 'desc' },
            { field: 'origin', order: 'asc' },
          ],
        },
      ],
      ['take', { n: 25, skip: 3 }],
    ],
    'SELECT origin, count(*) AS n, count(DISTINCT destination) AS "to", max(delay) AS worst, min(destination) AS first FROM "flights-20k" GROUP BY origin ORDER BY n DESC, origin LIMIT 25 OFFSET 3',
  ],
  [
    'all flights by distance and delay, equal ones in their order',
    'flights-20k',
    [
      ['select', { keep: ['origin', 'distance', 'delay'] }],
      [
        'sort',
        {
          by: [
            { field: 'distance', order: 'desc' },
            { field: 'delay', order: 'asc' },
          ],
        },
      ],
    ],
    'SELECT origin, distance, delay FROM "flights-20k" ORDER BY distance DESC, delay, place',
  ],
  [
    'the longest delays, of equal ones the earlier',
    'flights-20k',
    [
      ['top', { by: 'delay', n: 40 }],
      ['select', { keep: ['origin', 'destination', 'delay'] }],
    ],
    'SELECT origin, destination, delay FROM "flights-20k" ORDER BY delay DESC, place LIMIT 40',
  ],
  [
    'the first flight between any two places',
    'flights-20k',
    [
      ['dedupe', { by: ['origin', 'destination'] }],
      ['select', { keep: ['origin', 'destination', 'delay'] }],
    ],
    'SELECT origin, destination, delay FROM "flights-20k" QUALIFY row_number() OVER (PARTITION BY origin, destination ORDER BY place) = 1 ORDER BY place',
  ],
  [
    'films by genre, with ratings that are missing',
    'movies',
    [
      [
        'group',
        {
          by: ['Major Genre'],
          aggregates: [
            count(),
            { as: 'rating', fn: 'avg', field: 'IMDB Rating' },
            { as: 'directors', fn: 'distinct', field: 'Director' },
            { as: 'best', fn: 'max', field: 'IMDB Rating' },
            sum('votes', 'IMDB Votes'),
          ],
        },
      ],
    ],
    'SELECT "Major Genre", count(*) AS n, avg("IMDB Rating") AS rating, count(DISTINCT Director) AS directors, max("IMDB Rating") AS best, coalesce(sum("IMDB Votes"), 0) AS votes FROM movies GROUP BY "Major Genre" ORDER BY min(place)',
  ],
  [
    'films by rating, those without one last',
    'movies',
    [
      ['select', { keep: ['Director', 'IMDB Rating'] }],
      [
        'sort',
        {
          by: [
            { field: 'IMDB Rating', order: 'desc' },
            { field: 'Director', order: 'asc' },
          ],
        },
      ],
    ],
    'SELECT Director, "IMDB Rating" FROM movies ORDER BY "IMDB Rating" DESC NULLS LAST, Director NULLS LAST, place',
  ],
  [
    'people by year and cluster',
    'gapminder',
    [
      ['filter', { condition: 'record.life_expect >= 50 && record.fertility < 5' }],
      ['derive', { fields: [{ field: 'decade', value: 'Math.floor(record.year / 10) * 10' }] }],
      ['group', { by: ['decade', 'cluster'], aggregates: [sum('people', 'pop'), count()] }],
      ['sort', { by: [{ field: 'people', order: 'desc' }] }],
    ],
    'SELECT floor(year / 10) * 10 AS decade, cluster, sum(pop) AS people, count(*) AS n FROM gapminder WHERE life_expect >= 50 AND fertility < 5 GROUP BY ALL ORDER BY people DESC',
  ],
]

describe.each(WAYS)('by $workers workers, tier $tier, as DuckDB:', (way) => {
  describe.each(['ndjson', 'parquet'])('%s', (ending) => {
    test.each(QUESTIONS)('%s', async (_, name, steps, sql) => {
      const found = await answer(chain(`${name}.${ending}`, ...steps), way)
      const wanted = await rowsOf(db, sql)
      expect(wanted.length).toBeGreaterThan(2)
      expect(rounded(found)).toEqual(rounded(wanted))
    })
  })

  test.each(['inner', 'left', 'semi', 'anti'])(
    'a join, %s: routes with the places that they begin at',
    async (kind) => {
      const flow = flowOf(
        {
          routes: ['file', { path: join(DATA, 'flights-airport.csv') }],
          places: ['file', { path: join(DATA, 'airports.csv') }],
          south: ['filter', { condition: 'record.latitude < 40' }],
          join: ['join', { kind, keys: [{ left: 'origin', right: 'iata' }] }],
          keep: ['select', { keep: ['origin', 'destination', 'count', 'city', 'state'] }],
          out: ['table'],
        },
        [
          'routes.out -> join.left',
          'places.out -> south.in',
          'south.kept -> join.right',
          'join.out -> keep.in',
          'keep.out -> out.in',
        ],
      )
      const both = kind === 'inner' || kind === 'left'
      const columns = `origin, destination, count${both ? ', city, state' : ''}`
      const sql = `SELECT ${columns} FROM "flights-airport" f ${kind} JOIN (FROM airports WHERE latitude::DOUBLE < 40) a ON f.origin = a.iata ORDER BY f.place`
      const wanted = await rowsOf(db, sql)
      expect(wanted.length).toBeGreaterThan(1000)
      expect(await answer(flow, way)).toEqual(wanted)
    },
  )

  test('weather of each kind, from CSV', async () => {
    const flow = chain(
      join(DATA, 'seattle-weather.csv'),
      ['filter', { condition: "record.date >= '2013' && record.wind > 2" }],
      ['derive', { fields: [{ field: 'month', value: 'record.date.slice(5, 7)' }] }],
      [
        'group',
        {
          by: ['weather', 'month'],
          aggregates: [
            count(),
            { as: 'warmest', fn: 'max', field: 'temp_max' },
            sum('rain', 'precipitation'),
          ],
        },
      ],
      [
        'sort',
        {
          by: [
            { field: 'weather', order: 'asc' },
            { field: 'month', order: 'desc' },
          ],
        },
      ],
    )
    const wanted = await rowsOf(
      db,
      `SELECT weather, date[6:7] AS month, count(*) AS n, max(temp_max) AS warmest, sum(precipitation) AS rain FROM "seattle-weather" WHERE date >= '2013' AND wind > 2 GROUP BY ALL ORDER BY weather, month DESC`,
    )
    expect(wanted.length).toBeGreaterThan(30)
    expect(rounded(await answer(flow, way))).toEqual(rounded(wanted))
  })
})

describe.each(WAYS)('by $workers workers, tier $tier, as the shell:', (way) => {
  const parsed: Step = ['parse', { as: 'access-log' }]
  const shell = (command: string) =>
    execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
      .trimEnd()
      .split('\n')
  /** The lines that awk can take apart by their blanks, without days that do not exist, many times over: several workers have something to do. */
  const longLog = () => {
    const plain =
      /^[^ ]+ [^ ]+ [^ ]+ \[[012][^\]]+ [-+][0-9]{4}\] "[A-Z]+ [^ "]+ HTTP\/[0-9.]+" [0-9]{3} ([0-9]+|-)( "|$)/
    const lines = readFileSync(LOG, 'utf8')
      .split('\n')
      .filter((line) => plain.test(line))
    expect(lines.length).toBeGreaterThan(20)
    const path = join(folder, 'long.log')
    writeFileSync(path, `${lines.join('\n')}\n`.repeat(200))
    return path
  }

  test('top pages', async () => {
    const path = longLog()
    const flow = chain(
      path,
      parsed,
      ['group', { by: ['path'], aggregates: [count('hits')] }],
      [
        'sort',
        {
          by: [
            { field: 'hits', order: 'desc' },
            { field: 'path', order: 'asc' },
          ],
        },
      ],
      ['take', { n: 8 }],
    )
    const rows = (await answer(flow, way)) as { path: string; hits: number }[]
    const wanted = shell(
      `awk '{ print $7 }' '${path}' | sort | uniq -c | sort -k1,1nr -k2,2 | head -8 | awk '{ print $1, $2 }'`,
    )
    expect(wanted).toHaveLength(8)
    expect(rows.map(({ path, hits }) => `${hits} ${path}`)).toEqual(wanted)
  })

  test('bytes by status', async () => {
    const path = longLog()
    const flow = chain(
      path,
      parsed,
      ['group', { by: ['status'], aggregates: [count(), sum('bytes', 'bytes')] }],
      ['sort', { by: [{ field: 'status', order: 'asc' }] }],
    )
    const rows = (await answer(flow, way)) as { status: number; n: number; bytes: number }[]
    const wanted = shell(
      `awk '{ n[$9]++; b[$9] += $10 } END { for (s in n) print s, n[s], b[s] }' '${path}' | sort`,
    )
    expect(wanted.length).toBeGreaterThan(2)
    expect(rows.map(({ status, n, bytes }) => `${status} ${n} ${bytes}`)).toEqual(wanted)
  })
})

test('all tiers have answered', () => {
  expect([...tiers]).toEqual(expect.arrayContaining(['row', 'row, shared', 'kernel, shared', 'sql, shared']))
})

/** Flows over Parquet: DuckDB's records and counts against those of the row tier, over random files and chains. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { flowOf, metersOf, startTestRun, testIo } from '../run-flow.ts'
import { chain, firstDifference, handed, LONG, shown, sqlNodes, startSql as start } from './flows.ts'
import { ChainMaker, type Step } from './random-chain.ts'
import { randomTable } from './random-table.ts'
let folder: string
let connection: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-test-'))
  connection = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => {
  connection.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const startSql = (flow: Parameters<typeof start>[0], memoryMb?: number) =>
  start(flow, { folder, ...(memoryMb && { memoryMb }) })

/** Enough for a sort to take a while, and to need more memory than it has. */
const MANY = LONG ? 3_000_000 : 700_000

describe('Parquet flows in SQL', () => {
  test.each([1, 2, 3, 4])('give the records and counts of the row tier (seed %i)', async (seed) => {
    const random = seededRandom(seed * 77)
    const path = join(folder, `random-${seed}.parquet`)
    const rows = await randomTable(connection, {
      path,
      rows: [LONG ? 3000 : 300, 300, 1, 0][seed - 1]!,
      random,
    })
    const names = ['d', 'e', 'i', 'j', 'cents', 's', 't', 'b', 'c', 'w', 'v', 'day', 'huge', 'Mixed Name "x"']
    const types = [...nodeTypes.filter(({ type }) => type !== 'file'), handed(rows)]
    let inSql = 0
    for (let at = 0; at < (LONG ? 30 : 6); at++) {
      const steps = new ChainMaker(random, names).steps()
      const flow = chain([['file', 'file', { path }], ...steps, ['out', 'table']])
      const sql = startSql(flow)
      // What is left to the row tier as a whole would read the file by rows, which is another test's.
      if (sqlNodes(sql) === 0) {
        sql.stop()
        await sql.ended
        continue
      }
      inSql++
      const found = await shown(sql)
      const wanted = await shown(startTestRun(flow, types))
      // Where a take has enough, how far the nodes before it got depends on batches.
      const taken = steps.some(([, type]) => type === 'take')
      const compared = (shows: string[]) => (taken ? shows.filter((line) => line.startsWith('row')) : shows)
      expect(firstDifference(compared(found), compared(wanted)), JSON.stringify(steps)).toBe('')
    }
    expect(inSql).toBeGreaterThan(LONG ? 8 : 1)
  })

  /** A large enough file for things to take a while. */
  async function largeFile(name: string, rows = MANY): Promise<string> {
    const path = join(folder, name)
    if (existsSync(path)) return path
    await connection.run(
      `COPY (SELECT i AS id, 'user ' || hash(i) AS user, (hash(i) % 1000)::INTEGER AS n FROM range(${rows}) t(i)) ` +
        `TO '${path}' (FORMAT parquet)`,
    )
    return path
  }
  const sorted = (path: string) =>
    chain([
      ['file', 'file', { path }],
      ['sort', 'sort', { by: [{ field: 'user', order: 'asc' }], maxRecords: 50_000_000 }],
      ['out', 'table'],
    ])

  test('give what the row tier reads of the same file', async () => {
    const random = seededRandom(5)
    const path = join(folder, 'both.parquet')
    await randomTable(connection, { path, rows: 700, random })
    const flow = chain([
      ['file', 'file', { path }],
      [
        'sort',
        'sort',
        {
          by: [
            { field: 't', order: 'desc' },
            { field: 'e', order: 'asc' },
          ],
        },
      ],
      ['out', 'table'],
    ])
    const sql = startSql(flow)
    expect(sqlNodes(sql)).toBe(2)
    const found = await shown(sql)
    const wanted = await shown(startTestRun(flow, nodeTypes, { io: testIo(folder) }))
    expect(firstDifference(found, wanted)).toBe('')
    expect(found.length).toBeGreaterThan(700)
  })

  test('give what the row tier gives of real data', async () => {
    const path = join(folder, 'weather.parquet')
    const csv = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/seattle-weather.csv')
    await connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${path}' (FORMAT parquet)`)
    const aggregates = [
      { as: 'days', fn: 'count' },
      { as: 'warmest', fn: 'max', field: 'temp_max' },
      { as: 'first', fn: 'min', field: 'date' },
    ]
    const flow = chain([
      ['file', 'file', { path }],
      ['wet', 'filter', { condition: 'record.precipitation > 0 && record.date >= "2013"' }],
      [
        'range',
        'derive',
        { fields: [{ field: 'range', value: 'Math.round(record.temp_max - record.temp_min)' }] },
      ],
      ['group', 'group', { by: ['weather', 'range'], aggregates }],
      ['sort', 'sort', { by: [{ field: 'days', order: 'desc' }] }],
      ['out', 'table'],
    ])
    const sql = startSql(flow)
    expect(sqlNodes(sql)).toBe(5)
    const found = await shown(sql)
    const wanted = await shown(startTestRun(flow, nodeTypes, { io: testIo(folder) }))
    expect(firstDifference(found, wanted)).toBe('')
    expect(found.length).toBeGreaterThan(20)
  })

  test('read several files in the order of their names', async () => {
    for (const day of ['b', 'a', 'c']) {
      await connection.run(
        `COPY (SELECT '${day}' AS day, i AS hour FROM range(3) t(i)) TO '${join(folder, `day-${day}.parquet`)}' (FORMAT parquet)`,
      )
    }
    const flow = chain([
      ['file', 'file', { path: 'day-*.parquet' }],
      ['group', 'group', { by: ['day'], aggregates: [{ as: 'hours', fn: 'sum', field: 'hour' }] }],
      ['out', 'table'],
    ])
    const run = startSql(flow)
    expect(sqlNodes(run)).toBe(2)
    const [ending, ...rows] = await shown(run)
    expect(ending).toBe('done ')
    expect(rows.slice(0, 3)).toEqual(['a', 'b', 'c'].map((day) => `row day="${day}" hours=3`))
  })

  test('are told of by the plan, and how far they go', async () => {
    const path = await largeFile('told.parquet', 1000)
    const flow = chain([
      ['file', 'file', { path }],
      ['few', 'filter', { condition: 'record.n < 10' }],
      ['sort', 'sort', { by: [{ field: 'user', order: 'asc' }] }],
      ['root', 'derive', { fields: [{ field: 'root', value: 'Math.cbrt(record.n)' }] }],
      ['top', 'top', { by: 'root', n: 3 }],
      ['out', 'table'],
    ])
    const { plan } = planWork(flow, createRegistry(nodeTypes), { io: testIo(folder), tier: 'sql' })
    expect(plan.stages[0]).toMatchObject({ tier: 'sql', nodes: ['file', 'few', 'sort'] })
    expect(plan.stages[0]!.why).toContain('“few”, “sort” in SQL; “root” is not: Math.cbrt')
    expect(plan.nodes.map(({ tier }) => tier)).toEqual(['sql', 'sql', 'sql', 'row', 'row', 'row'])
  })

  test('a dedupe whose duplicates are wanted is the row tier’s', async () => {
    const path = await largeFile('told.parquet', 1000)
    const wires = ['file.out -> once.in', 'once.out -> out.in']
    const nodes = {
      file: ['file', { path }],
      once: ['dedupe', { by: ['n'] }],
      out: ['table'],
      again: ['table'],
    }
    const tiers = (edges: string[]) => {
      const flow = flowOf(nodes as unknown as Parameters<typeof flowOf>[0], edges)
      const { plan } = planWork(flow, createRegistry(nodeTypes), { io: testIo(folder), tier: 'sql' })
      return plan.nodes.slice(0, 3).map(({ tier }) => tier)
    }
    expect(tiers(wires)).toEqual(['sql', 'sql', 'row'])
    expect(tiers([...wires, 'once.duplicates -> again.in'])).toEqual(['row', 'row', 'row'])
    expect(tiers(['once.duplicates -> again.in', ...wires])).toEqual(['row', 'row', 'row'])
    expect(tiers(['file.out -> once.in', 'once.duplicates -> out.in'])).toEqual(['row', 'row', 'row'])
  })

  test('a limit that a sort may pass is the row tier’s to keep', async () => {
    const path = await largeFile('limited.parquet', 1000)
    const flow = chain([
      ['file', 'file', { path }],
      ['sort', 'sort', { maxRecords: 10 }],
      ['out', 'table'],
    ])
    const run = startSql(flow)
    expect(sqlNodes(run)).toBe(0)
    await run.ended
  })

  test('stop in the middle of a statement, and leave nothing behind', async () => {
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.includes(`-${process.pid}-`))
    const before = temporary()
    const run = startSql(sorted(await largeFile('many.parquet')))
    await new Promise((resolve) => setTimeout(resolve, 60))
    run.stop()
    const { phase } = await run.ended
    expect(phase).toBe('stopped')
    // A sort that went on to its end would give records.
    expect(run.rows('out')!.stored).toBe(0)
    expect(temporary()).toEqual(before)
  })

  test('a take behind it ends it, and its counts are exact', async () => {
    const path = await largeFile('taken.parquet', 100_000)
    const flow = chain([
      ['file', 'file', { path }],
      ['some', 'filter', { condition: 'record.n < 500' }],
      ['sort', 'sort', { by: [{ field: 'user', order: 'asc' }] }],
      ['take', 'take', { n: 3 }],
      ['out', 'table'],
    ])
    const run = startSql(flow)
    expect(sqlNodes(run)).toBe(3)
    expect((await run.ended).phase).toBe('done')
    expect(run.rows('out')!.stored).toBe(3)
    const reader = await connection.runAndReadAll(`SELECT count(*) FILTER (WHERE n < 500) FROM '${path}'`)
    const kept = Number(reader.getRows()[0]![0])
    expect(metersOf(run, 'some').get('out')).toBe(kept)
    expect(metersOf(run, 'some').get('dropped')).toBe(100_000 - kept)
    expect(metersOf(run, 'sort').get('in')).toBe(kept)
  })

  test('a damaged file fails at the node that reads it', async () => {
    const path = await largeFile('damaged.parquet', 100_000)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 1000, bytes.length - 20_000)
    writeFileSync(path, bytes)
    const { phase, error } = await startSql(sorted(path)).ended
    expect(phase).toBe('failed')
    expect(error).toMatchObject({ code: 'node', at: { node: 'file', field: 'path' } })
    expect(error!.message).toContain('damaged.parquet')
    expect(error!.remedy).toContain('Make the file anew')
  })

  test('what does not fit into the memory goes to disk', async () => {
    const path = await largeFile('many.parquet')
    const flow = chain([
      ['file', 'file', { path }],
      ['sort', 'sort', { by: [{ field: 'user', order: 'desc' }] }],
      ['take', 'take', { n: 2 }],
      ['out', 'table'],
    ])
    const run = startSql(flow, 128)
    expect(sqlNodes(run)).toBe(2)
    const { phase, error } = await run.ended
    expect({ phase, error }).toEqual({ phase: 'done', error: undefined })
    const reader = await connection.runAndReadAll(`SELECT user FROM '${path}' ORDER BY user DESC LIMIT 2`)
    const users = (run.rows('out')!.slice(0, 2) as { user: string }[]).map(({ user }) => user)
    expect(users).toEqual(reader.getRows().map(([user]) => user))
    expect(metersOf(run, 'sort').get('in')).toBe(MANY)
  })

  test('a memory limit that is too small for DuckDB leaves it to the row tier', async () => {
    const path = await largeFile('small-memory.parquet', 1000)
    const flow = chain([
      ['file', 'file', { path }],
      ['group', 'group'],
      ['out', 'table'],
    ])
    const options = { io: testIo(folder), tier: 'sql' as const }
    const { plan } = planWork(flow, createRegistry(nodeTypes), { ...options, memoryMb: 64 })
    expect(plan.stages[0]).toMatchObject({ tier: 'row' })
    expect(plan.stages[0]!.why).toContain('128 MB')
  })

  test.each([
    ['a script', ['script', 'script', { code: 'return record' }]],
    [
      'a function that SQL does not have',
      ['x', 'derive', { fields: [{ field: 'x', value: 'Math.sin(record.n)' }] }],
    ],
  ] as [string, Step][])('%s stays with the row tier', async (_, step) => {
    const path = await largeFile('left.parquet', 1000)
    const flow = chain([
      ['file', 'file', { path }],
      step,
      ['group', 'group', { by: ['n'] }],
      ['out', 'table'],
    ])
    const run = startSql(flow)
    expect(sqlNodes(run)).toBe(0)
    expect((await run.ended).phase).toBe('done')
  })
})

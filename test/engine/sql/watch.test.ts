/** What is known of the wires of a statement while it runs: how far each source is, and what filters let through there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { FlowGraph } from '../../../engine/plan/flow-graph.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { treeOfStage } from '../../../engine/plan/sql-tree.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { MAKE_SEAL } from '../../../engine/sql/columns-out.ts'
import type { SqlProgram } from '../../../engine/sql/program-parts.ts'
import { sqlProgram } from '../../../engine/sql/program.ts'
import { partsRead, readingOrder } from '../../../engine/sql/reading-order.ts'
import { SqlWatch, type SqlStatement } from '../../../engine/sql/watch.ts'
import { duck } from '../duck.ts'
import { flowOf, testIo } from '../run-flow.ts'
import { chain } from './flows.ts'

/** Two files of 50 000: `n` is below 50 for a tenth of the first one's records, and for nine tenths of the other's. */
const ROWS = 100_000
let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-watch-'))
  db = await duck()
  await db.run(MAKE_SEAL)
  for (const [name, tenth] of [
    ['a', 1],
    ['b', 9],
  ] as const)
    await db.run(
      `COPY (SELECT i AS id, 'user ' || hash(i) AS user, ` +
        `CASE WHEN hash(i) % 10 < ${tenth} THEN 0 ELSE 50 END + (hash(i + 1) % 50)::INTEGER AS n ` +
        `FROM range(${ROWS / 2}) t(i)) TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet)`,
    )
  await db.run(
    `COPY (SELECT i AS number, 'name ' || i AS name FROM range(2000) t(i)) TO '${join(folder, 'few.parquet')}' (FORMAT parquet)`,
  )
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

function programOf(flow: Flow): SqlProgram {
  const registry = createRegistry(nodeTypes)
  const io = testIo(folder)
  const { sql } = planWork(flow, registry, { io, tier: 'sql', workers: 2 })
  return sqlProgram(treeOfStage(new FlowGraph(flow, registry), sql[0]!.nodes)!, io) as SqlProgram
}

/** A statement that stands where the test says, and a database that answers what is asked beside it. */
class StillDatabase {
  statement: SqlStatement | undefined
  finished: string[] = []
  asked: string[] = []
  /** Settles when the last question was answered. */
  answered: Promise<unknown> = Promise.resolve()
  readonly aside = {
    rows: (sql: string) => {
      this.asked.push(sql)
      const answer = db.runAndReadAll(sql).then((reader) => reader.getRows())
      this.answered = answer.catch(() => undefined)
      return answer
    },
  }
}

const IMPATIENT = { wait: 0, rest: 0 }

async function answers(database: StillDatabase) {
  // The order of reading first, then the shares.
  for (let turn = 0; turn < 4; turn++) {
    await database.answered
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What is known when all that is asked is answered. */
async function settled(database: StillDatabase, watch: SqlWatch) {
  await answers(database)
  watch.look()
  await answers(database)
  return watch.look()
}

const orderOf = async (sql: string, { sources }: SqlProgram) =>
  readingOrder(String((await db.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)).getRows()[0]![1]), sources)

const sorted = ['sort', 'sort', { by: [{ field: 'user', order: 'asc' }] }] as [
  string,
  string,
  Record<string, unknown>,
]

/** Nine tenths of a file, in order. */
const lowSorted = () =>
  programOf(
    chain([
      ['file', 'file', { path: 'b.parquet' }],
      ['low', 'filter', { condition: 'record.n < 50' }],
      sorted,
      ['out', 'table'],
    ]),
  )

const pairs = (left: string, right: string) =>
  flowOf(
    {
      left: ['file', { path: left }],
      right: ['file', { path: right }],
      pairs: ['join', { kind: 'inner', keys: [{ left: 'id', right: 'number' }] }],
      n: ['group', { by: ['name'], aggregates: [{ as: 'n', fn: 'count' }] }],
      out: ['table'],
    },
    ['left.out -> pairs.left', 'right.out -> pairs.right', 'pairs.out -> n.in', 'n.out -> out.in'],
  )

describe('a statement that runs', () => {
  test('lets the counts of filters move with what is true of the records at hand', async () => {
    const program = programOf(
      chain([
        ['file', 'file', { path: '[ab].parquet' }],
        ['low', 'filter', { condition: 'record.n < 50' }],
        ['twice', 'derive', { fields: [{ field: 'm', value: 'record.n * 2' }] }],
        ['lower', 'filter', { condition: 'record.m < 50' }],
        sorted,
        ['out', 'table'],
      ]),
    )
    const database = new StillDatabase()
    const watch = new SqlWatch(database, program, IMPATIENT)
    const { sql } = program.result
    const [{ rows } = { rows: 0 }] = await orderOf(sql, program)
    expect(rows).toBeGreaterThan(0)
    const reached = async (part: number) => {
      database.statement = { sql, began: 0, processed: part * rows, share: part / 2 }
      return settled(database, watch)
    }

    const early = await reached(0.25)
    expect(early.read.get('file')).toBeCloseTo(0.25, 3)
    expect(early.left.get('file')).toBeCloseTo(ROWS / 4, -2)
    // A tenth of a quarter, of which half has a small m.
    expect(early.left.get('low')! / ROWS).toBeCloseTo(0.025, 2)
    expect(early.left.get('twice')).toBe(early.left.get('low'))
    expect(early.left.get('lower')! / early.left.get('low')!).toBeCloseTo(0.5, 1)

    const late = await reached(0.75)
    // Asked in the other file: its share is taken for what was read since.
    const after = await reached(1)
    expect(late.left.get('low')!).toBeGreaterThan(early.left.get('low')!)
    expect((after.left.get('low')! - late.left.get('low')!) / (ROWS / 4)).toBeCloseTo(0.9, 1)
    expect(after.left.get('file')).toBe(ROWS)

    // Never backwards, whatever DuckDB says.
    expect((await reached(0.5)).left).toEqual(after.left)
  })

  test.each(['inner', 'left', 'semi', 'anti'])('lets the pairs of a join move: %s', async (kind) => {
    const joined = pairs('[ab].parquet', 'few.parquet')
    joined.nodes['pairs']!.config = { kind, keys: [{ left: 'id', right: 'number' }] }
    joined.nodes['n']!.config = { by: ['n'], aggregates: [{ as: 'n', fn: 'count' }] }
    const program = programOf(joined)
    const { sql } = program.tables[0]!
    const order = await orderOf(sql, program)
    expect(order.map(({ source }) => source).slice(0, 2)).toEqual(['right', 'left'])
    const database = new StillDatabase()
    const watch = new SqlWatch(database, program, IMPATIENT)
    const [few, many] = [order[0]!.rows, order[1]!.rows]
    const reached = async (processed: number) => {
      // As long as it takes until a look at all of one side is nothing beside it.
      database.statement = { sql, began: -600_000, processed, share: 0 }
      return (await settled(database, watch)).left
    }
    expect((await reached(few / 2)).has('pairs')).toBe(false)
    // At the beginning of either file are all the partners there are; a piece is taken from there.
    const left = await reached(few + many * 0.01)
    const partners = 2000 / 8192
    const share = { inner: partners, left: 1, semi: partners, anti: 1 - partners }[kind]!
    expect(left.get('right')).toBe(2000)
    expect(left.get('pairs')! / left.get('left')!).toBeCloseTo(share, 2)
  })

  test('shows no pairs of a join that has records without partners at its end', () => {
    const full = pairs('a.parquet', 'few.parquet')
    full.nodes['pairs']!.config = { kind: 'full', keys: [{ left: 'id', right: 'number' }] }
    full.nodes['n']!.config = { by: ['n'], aggregates: [{ as: 'n', fn: 'count' }] }
    expect(programOf(full).surveys).toEqual([])
  })

  test('is not asked after in its first moments, nor all the time', async () => {
    const program = programOf(chain([['file', 'file', { path: 'a.parquet' }], sorted, ['out', 'table']]))
    const database = new StillDatabase()
    const statement = { sql: program.result.sql, processed: 1000, share: 0.1 }
    database.statement = { ...statement, began: performance.now() }
    await settled(database, new SqlWatch(database, program, { wait: 60_000, rest: 0 }))
    expect(database.asked).toEqual([])
    const watch = new SqlWatch(database, program, { wait: 0, rest: 60_000 })
    await settled(database, watch)
    await settled(database, watch)
    expect(database.asked).toHaveLength(1)
  })

  test('is known to have read all when it has ended', async () => {
    const program = lowSorted()
    const database = new StillDatabase()
    database.finished.push(program.result.sql)
    const { left } = await settled(database, new SqlWatch(database, program, IMPATIENT))
    expect(left.get('file')).toBe(ROWS / 2)
    expect(left.get('low')! / (ROWS / 2)).toBeCloseTo(0.9, 1)
  })

  test('shows nothing where nothing is known, and does not fail', async () => {
    const program = lowSorted()
    const database = new StillDatabase()
    const watch = new SqlWatch(
      database,
      { ...program, surveys: [{ ...program.surveys[0]!, sql: 'SELECT nothing FROM nowhere' }] },
      IMPATIENT,
    )
    database.statement = { sql: program.result.sql, began: 0, processed: 5000, share: 0.5 }
    const { left } = await settled(database, watch)
    expect(left.has('low')).toBe(false)
    expect(database.asked.length).toBeGreaterThan(1)
  })
})

describe('the order in which sources are read', () => {
  test('is that of the join: what is kept of it first', async () => {
    const program = programOf(pairs('a.parquet', 'few.parquet'))
    const order = await orderOf(program.tables[0]!.sql, program)
    expect(order.slice(0, 2)).toEqual([
      { source: 'right', rows: 2000 },
      { source: 'left', rows: ROWS / 2 },
    ])
    expect([...partsRead(order, 1000)]).toEqual([
      ['right', 0.5],
      ['left', 0],
    ])
    expect([...partsRead(order, 2000 + ROWS / 4)]).toEqual([
      ['right', 1],
      ['left', 0.5],
    ])
  })

  test('is not guessed where a file is joined with itself', async () => {
    const flow = pairs('few.parquet', 'few.parquet')
    flow.nodes['pairs']!.config = { kind: 'inner', keys: [{ left: 'number', right: 'number' }] }
    const program = programOf(flow)
    const order = await orderOf(program.tables[0]!.sql, program)
    expect(order.filter(({ source }) => source !== undefined)).toEqual([])
  })
})

/** `join` against DuckDB, in memory and on disk, and where both sides come from one source. */
import { join as joinPath } from 'node:path'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DuckDBConnection } from '@duckdb/node-api'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { file } from '../../../engine/nodes/generators/file.ts'
import { join } from '../../../engine/nodes/processors/join.ts'
import { JOIN_KINDS } from '../../../engine/spill/joiner.ts'
import type { Batch, DataRecord, Memory } from '../../../engine/spec/node.ts'
import { duck, rowsOf } from '../duck.ts'
import { runNode } from '../fake-context.ts'
import type { FakeRun } from '../fake-context.ts'
import { littleMemory } from '../spill/little-memory.ts'
import { flowOf, startTestRun } from '../run-flow.ts'

let db: DuckDBConnection
beforeAll(async () => void (db = await duck()))

interface Sides {
  left: DataRecord[]
  right: DataRecord[]
}

function run(config: object, { left, right }: Sides, memory?: Memory): Promise<FakeRun> {
  return runNode(join, {
    config: { ...config },
    inputs: { left: batches(left), right: batches(right) },
    ...(memory && { memory }),
  })
}

function batches(records: DataRecord[], size = 7): Batch[] {
  return Array.from({ length: Math.ceil(records.length / size) }, (_, i) =>
    records.slice(i * size, (i + 1) * size),
  )
}

const key = fc.constantFrom(null, 0, 1, 2, 3, 4, 5)
const text = fc.constantFrom(null, 'a', 'b', 'é')
const side = (value: string) =>
  fc
    .array(fc.record({ k: key, t: text }), { minLength: 1, maxLength: 40 })
    .map((rows) => rows.map((row, i) => ({ ...row, [value]: i, same: `${value}${i}` })))

/** The same join, written by hand in SQL. */
function sqlOf(kind: string): string {
  const pair = 'l.k = r.k AND l.t = r.t'
  if (kind === 'semi' || kind === 'anti') {
    const not = kind === 'anti' ? 'NOT' : ''
    return `SELECT l.* FROM l WHERE ${not} EXISTS (SELECT 1 FROM r WHERE ${pair}) ORDER BY l.x`
  }
  const names = 'coalesce(l.k, r.k) AS k, coalesce(l.t, r.t) AS t, l.x, l.same, r.y, r.same AS right_same'
  return `SELECT ${names} FROM l ${kind.toUpperCase()} JOIN r ON ${pair} ORDER BY l.x NULLS LAST, r.y NULLS FIRST`
}

async function fill(name: string, value: string, rows: object[]): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE ${name} (k INTEGER, t VARCHAR, ${value} INTEGER, same VARCHAR)`)
  const values = rows.map((row) => `(${Object.values(row).map(literal).join(', ')})`)
  await db.run(`INSERT INTO ${name} VALUES ${values.join(', ')}`)
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

describe('join', () => {
  test('gives what DuckDB gives, in every kind, in memory and on disk', async () => {
    await fc.assert(
      fc.asyncProperty(side('x'), side('y'), async (left, right) => {
        await fill('l', 'x', left)
        await fill('r', 'y', right)
        for (const kind of JOIN_KINDS) {
          const config = { kind, keys: [{ left: 'k' }, { left: 't', right: 't' }] }
          const expected = await rowsOf(db, sqlOf(kind))
          const { out, thrown } = await run(config, { left, right })
          expect(thrown).toBeUndefined()
          expect(out['out'] ?? []).toEqual(expected)
          const little = littleMemory(4000)
          const spilled = await run(config, { left, right }, little)
          expect(spilled.thrown).toBeUndefined()
          expect(spilled.out['out']).toEqual(out['out'])
        }
      }),
      { seed: 3, numRuns: 12 },
    )
  })

  test('on disk gives what it gives in memory, for large sides and large groups, and removes its files', async () => {
    const rows = (count: number, keys: number, name: string) =>
      Array.from({ length: count }, (_, i) => ({
        id: ((i * 7919) % keys) * (name === 'b' ? 2 : 1),
        [name]: i,
        pad: 'x'.repeat(i % 50),
      }))
    const left = [...rows(1500, 900, 'a'), { id: null, a: -1 }]
    const right = [...rows(1300, 1100, 'b'), { id: null, b: -1 }, ...rows(300, 1, 'b')]
    for (const kind of JOIN_KINDS) {
      const memory = littleMemory(64 * 1024)
      const expected = await run({ kind }, { left, right })
      const spilled = await run({ kind }, { left, right }, memory)
      expect(spilled.thrown).toBeUndefined()
      expect(memory.onDisk).toBe(true)
      expect(spilled.out['out']).toEqual(expected.out['out'])
      expect(spilled.out['out']!.length).toBeGreaterThan(100)
      expect(memory.files()).toEqual([])
    }
  })

  test('divides again what does not fit, also where many have one key', async () => {
    // With some keys that half of the rows have, and some that are on one side alone.
    const rows = (value: string, step: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        k: i % 40 === 0 ? 'same' : i % 23 === 0 ? null : `key ${(i * step) % 15_000}`,
        [value]: i,
      }))
    const [left, right] = [rows('a', 7, 12_000), rows('b', 11, 9000)]
    for (const kind of JOIN_KINDS) {
      const config = { kind, keys: [{ left: 'k' }] }
      // The pairs of the one key are many: they are left out where each would leave.
      const some =
        kind === 'semi' || kind === 'anti' ? left : left.filter(({ k }, i) => k !== 'same' || i < 200)
      const expected = await run(config, { left: some, right })
      const little = littleMemory(40_000)
      const { out, thrown } = await run(config, { left: some, right }, little)
      expect(thrown).toBeUndefined()
      expect(little.asked).toBeGreaterThan(64 * 2)
      expect(out['out']).toEqual(expected.out['out'])
      expect(little.files()).toEqual([])
    }
  })

  test('keeps keys of different types apart, and does not confuse pairs of keys', async () => {
    const config = { keys: [{ left: 'a' }, { left: 'b' }] }
    const left = [
      { a: 1, b: '2' },
      { a: 'x', b: 'yz' },
      { a: NaN, b: [1] },
    ]
    const right = [
      { a: '1', b: 2, n: 1 },
      { a: 'xy', b: 'z', n: 2 },
      { a: NaN, b: [1], n: 3 },
    ]
    for (const memory of [undefined, littleMemory(4000)]) {
      const { out } = await run(config, { left, right }, memory)
      expect(out['out']).toEqual([{ a: NaN, b: [1], n: 3 }])
    }
  })

  test('sends records without keys to error with their number and side', async () => {
    const fails = { id: () => 1 }
    const { errors, out } = await run({}, { left: [{ id: 1 }, 'text', fails], right: [7, { id: 1, b: 2 }] })
    expect(out['out']).toEqual([{ id: 1, b: 2 }])
    expect(errors.map(({ number, field, record }) => [number, field, record])).toEqual([
      [1, 'keys.0.right', 7],
      [2, 'keys.0.left', 'text'],
      [3, 'keys.0.left', fails],
    ])
  })

  test('does not block where both sides come from one source through small queues', async () => {
    const flow = flowOf(
      {
        range: ['range', { from: 1, to: 20_000 }],
        left: ['map', { value: '({ id: record % 1000, a: record })' }],
        last: ['filter', { condition: 'record > 19000' }],
        right: ['map', { value: '({ id: record % 1000, b: record })' }],
        join: ['join'],
        table: ['table'],
      },
      [
        'range.out -> left.in',
        'range.out -> last.in',
        'last.kept -> right.in',
        'left.out -> join.left',
        'right.out -> join.right',
        'join.out -> table.in',
      ],
    )
    for (const edge of flow.edges) if (edge.to.startsWith('join')) edge.capacity = { records: 100 }
    const run = startTestRun(flow, nodeTypes)
    expect(await run.ended).toEqual({ phase: 'done' })
    const rows = run.rows('table')!
    expect(rows.stored).toBe(20_000)
    expect(rows.slice(0, 2)).toEqual([
      { id: 1, a: 1, b: 19_001 },
      { id: 2, a: 2, b: 19_002 },
    ])
  })

  test('real data: flights with the airports they left from', async () => {
    const data = joinPath(import.meta.dirname, '../../../node_modules/vega-datasets/data')
    const read = async (path: string) =>
      (await runNode(file, { folder: data, config: { path, types: 'infer' } })).out['out']!
    const [airports, flights] = [await read('airports.csv'), await read('flights-airport.csv')]
    const config = { kind: 'left', keys: [{ left: 'origin', right: 'iata' }] }
    const expected = await rowsOf(
      db,
      `SELECT count(*) AS n, sum(f.count)::BIGINT AS total, count(a.iata) AS found, min(a.state) AS state
       FROM read_csv('${data}/flights-airport.csv') f LEFT JOIN read_csv('${data}/airports.csv', all_varchar=true) a ON f.origin = a.iata`,
    )
    for (const memory of [undefined, littleMemory(256 * 1024)]) {
      const { out } = await run(config, { left: flights, right: airports }, memory)
      const rows = out['out'] as { count: number; iata: string | null; state: string }[]
      const found = rows.filter(({ iata }) => iata !== null)
      expect([
        {
          n: rows.length,
          total: rows.reduce((sum, { count }) => sum + count, 0),
          found: found.length,
          state: found.map(({ state }) => state).sort()[0],
        },
      ]).toEqual(expected)
    }
  })
})

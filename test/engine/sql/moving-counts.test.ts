/** Counts of a run in SQL: estimates that say so while the statement goes on, exact at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duck } from '../duck.ts'
import { edgeMetersOf, metersOf } from '../run-flow.ts'
import { chain, startSql } from './flows.ts'

/** So many that the statement goes on for a while on any machine. */
const MANY = 6_000_000
let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-moving-'))
  db = await duck()
  await db.run(
    `COPY (SELECT i AS id, 'user ' || hash(i) AS user, (hash(i) % 1000)::INTEGER AS n FROM range(${MANY}) t(i)) ` +
      `TO '${join(folder, 'many.parquet')}' (FORMAT parquet)`,
  )
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const sorting = (out: string) =>
  chain([
    ['file', 'file', { path: 'many.parquet' }],
    ['low', 'filter', { condition: 'record.n < 300' }],
    ['sort', 'sort', { by: [{ field: 'user', order: 'desc' }], maxRecords: 50_000_000 }],
    ['out', 'write-file', { path: join(folder, out) }],
  ])

test('a run shows estimates as such while it works, and exact counts at its end', async () => {
  const run = startSql(sorting('out.parquet'), { folder })
  const low = metersOf(run, 'low')
  const wire = edgeMetersOf(run, 'low.kept->sort.in')
  const seen: { in: number; out: number; dropped: number; wire: number; about: number }[] = []
  const timer = setInterval(() => {
    if (low.get('about') === 0 || low.get('out') === 0) return
    seen.push({
      in: low.get('in'),
      out: low.get('out'),
      dropped: low.get('dropped'),
      wire: wire.get('records'),
      about: wire.get('about'),
    })
  }, 10)
  expect(await run.ended).toMatchObject({ phase: 'done' })
  clearInterval(timer)

  expect(seen.length).toBeGreaterThan(0)
  for (const [at, counts] of seen.entries()) {
    expect(counts.in).toBe(counts.out + counts.dropped)
    expect([counts.wire, counts.about]).toEqual([counts.out, 1])
    expect(counts.in).toBeLessThanOrEqual(MANY)
    expect(counts.out / counts.in).toBeCloseTo(0.3, 1)
    expect(counts.out).toBeGreaterThanOrEqual(seen[at - 1]?.out ?? 0)
  }
  for (const id of ['file', 'low', 'sort', 'out']) expect(metersOf(run, id).get('about')).toBe(0)
  const counted = await db.runAndReadAll(
    `SELECT count(*) FROM '${join(folder, 'many.parquet')}' WHERE n < 300`,
  )
  const exact = Number(counted.getRows()[0]![0])
  expect([low.get('in'), low.get('out'), low.get('dropped')]).toEqual([MANY, exact, MANY - exact])
  expect([wire.get('records'), wire.get('about')]).toEqual([exact, 0])
  // One statement does all of them, so one of them has its time.
  const busy = ['file', 'low', 'sort', 'out'].filter((id) => metersOf(run, id).get('busyMs') > 0)
  expect(busy).toEqual(['out'])
})

test('what a stopped run knew stays marked as an estimate, and adds up', async () => {
  const run = startSql(sorting('stopped.parquet'), { folder })
  const low = metersOf(run, 'low')
  while (low.get('out') === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  run.stop()
  expect(await run.ended).toMatchObject({ phase: 'stopped' })
  const [came, left] = [low.get('in'), low.get('out')]
  expect([low.get('about'), edgeMetersOf(run, 'low.kept->sort.in').get('about')]).toEqual([1, 1])
  expect(came).toBeLessThanOrEqual(MANY)
  expect(low.get('dropped')).toBe(came - left)
  expect(metersOf(run, 'file').get('out')).toBe(came)
  expect(metersOf(run, 'sort').get('in')).toBe(left)
})

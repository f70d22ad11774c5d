/**
 * The same flow gives the same in every tier and with any number of workers: records, their order, what was refused
 * and why, the counts on every node and edge. Over random flows and files that a seed decides.
 *
 * WEIR_SOAK is how many flows are drawn of each kind of file (30), WEIR_SEED the first seed (1); a failure names its seed.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duck } from './engine/duck.ts'
import { ExpressionMaker } from './engine/sql/random-expression.ts'
import { NAMES, randomTable } from './engine/sql/random-table.ts'
import { Draw } from './engine/tiers/draw.ts'
import { drawFlow, looseWords, type DrawnFlow, type Source, type Words } from './engine/tiers/drawn-flow.ts'
import { FIELDS, LOG_FIELDS, writeHostile, type TextFormat } from './engine/tiers/hostile-data.ts'
import { firstDifference, runIn, type Way } from './engine/tiers/tier-run.ts'

const FLOWS = Number(process.env['WEIR_SOAK'] ?? 30)
const FIRST = Number(process.env['WEIR_SEED'] ?? 1)
const TIME_LIMIT_MS = 60_000 + FLOWS * 2000

let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-tiers-'))
  db = await duck()
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const ROW: Way = { tier: 'row', workers: 1 }

/** Flows by what ran them. */
type Used = Record<'shared' | 'kernel' | 'sql' | 'done', number>

async function compare(seed: number, drawn: DrawnFlow, ways: readonly Way[]): Promise<Set<string>> {
  const wanted = await runIn(drawn, folder, ROW)
  const used = new Set<string>()
  if (wanted.lines[0] === 'done') used.add('done')
  for (const way of ways) {
    const found = await runIn(drawn, folder, way)
    const difference = firstDifference(found, wanted)
    if (difference !== '')
      throw new Error(
        `WEIR_SEED=${seed}, ${JSON.stringify(way)}: ${difference}\n${JSON.stringify(drawn.flow.nodes)}\n${JSON.stringify(drawn.flow.edges)}`,
      )
    for (const one of found.used) used.add(one)
  }
  return used
}

/** Draws and compares one flow after the other. */
async function soak(
  format: TextFormat | 'parquet',
  draw: (draw: Draw, seed: number) => Promise<DrawnFlow>,
): Promise<Used> {
  const counts: Used = { shared: 0, kernel: 0, sql: 0, done: 0 }
  for (let seed = FIRST; seed < FIRST + FLOWS; seed++) {
    const one = new Draw(seed)
    const drawn = await draw(one, seed)
    const sizes = { blockBytes: 200 + one.below(4000), rowLimit: 1 + one.below(70) }
    const kernel: Way = { tier: 'kernel', workers: 1 + one.below(3), sizes }
    const sql: Way = { tier: 'sql', workers: 1 + one.below(2) }
    const used = await compare(seed, drawn, [
      { tier: 'row', workers: 2 + one.below(2) },
      format === 'parquet' ? sql : kernel,
    ])
    // A long soak is not to fill the disk.
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    for (const name of ['shared', 'kernel', 'sql', 'done'] as const) if (used.has(name)) counts[name]++
  }
  // What fails early compares little.
  expect(counts.done).toBeGreaterThan(FLOWS * 0.6)
  return counts
}

function textSource(draw: Draw, format: TextFormat, name: string): Omit<Source, 'other'> {
  const path = writeHostile(draw, format, folder, name)
  if (format === 'log') return { path, parse: { as: 'access-log' }, words: looseWords(draw, LOG_FIELDS) }
  const parse = format === 'json-lines' && { parse: { as: 'json' } }
  return { path, ...parse, words: looseWords(draw, FIELDS) }
}

async function parquetSource(draw: Draw, path: string, rows: number): Promise<Omit<Source, 'other'>> {
  const records = await randomTable(db, { path, rows, random: draw.random })
  const fields = Object.keys(records[0] ?? { d: 0, s: 0 })
  const maker = new ExpressionMaker(draw.random, NAMES)
  const typed: Words = {
    fields,
    typed: true,
    condition: () => maker.boolean(1 + draw.below(2)),
    value: () => maker.any(draw.below(3)),
  }
  return { path, words: draw.chance(0.85) ? typed : looseWords(draw, fields) }
}

describe('the tiers give the same of', () => {
  it.each([
    // How much of the flows each tier takes: a CSV file is the row tier's.
    ['ndjson', { shared: 0.3, kernel: 0.15 }],
    ['json-lines', { shared: 0.3, kernel: 0.15 }],
    ['log', { shared: 0.3, kernel: 0.15 }],
    ['csv', { shared: 0.3, kernel: 0 }],
  ] as [TextFormat, { shared: number; kernel: number }][])(
    '%s',
    async (format, least) => {
      const used = await soak(format, async (draw, seed) => {
        const other = draw.chance(0.5) ? textSource(draw, 'ndjson', `other-${format}-${seed}`) : undefined
        const source = textSource(draw, format, `${format}-${seed}`)
        return drawFlow(draw, { ...source, other: other && { ...other, other: undefined } })
      })
      expect(used.shared).toBeGreaterThan(FLOWS * least.shared)
      expect(used.kernel).toBeGreaterThanOrEqual(FLOWS * least.kernel)
    },
    TIME_LIMIT_MS,
  )

  it(
    'parquet',
    async () => {
      const used = await soak('parquet', async (draw, seed) => {
        const rows = draw.chance(0.1) ? 2500 : draw.below(200)
        const source = await parquetSource(draw, join(folder, `${seed}.parquet`), rows)
        const other = draw.one([
          () => undefined,
          () => textSource(draw, 'ndjson', `other-parquet-${seed}`),
          () => parquetSource(draw, join(folder, `other-${seed}.parquet`), draw.below(60)),
        ])
        const joined = await other()
        return drawFlow(draw, { ...source, other: joined && { ...joined, other: undefined } })
      })
      expect(used.sql).toBeGreaterThan(FLOWS * 0.25)
    },
    TIME_LIMIT_MS,
  )
})

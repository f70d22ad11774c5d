/** A file that is another one by the time DuckDB reads it: whatever comes of it, that is what is told. */
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SqlRecords } from '../../../engine/runtime/sql-records.ts'
import type { SqlProgram } from '../../../engine/sql/program-parts.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { duck } from '../duck.ts'
import { silentContext } from './silent-context.ts'

const ROWS = 5000
let folder: string
let path: string
let good: Buffer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-changed-'))
  path = join(folder, 'in.parquet')
  const db = await duck()
  await db.run(`COPY (SELECT i::DOUBLE AS n FROM range(${ROWS}) r(i)) TO '${path}' (FORMAT parquet)`)
  db.closeSync()
  good = readFileSync(path)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Reads the file in order, as it is at this moment. */
function program(): SqlProgram {
  const { size: bytes, mtimeMs } = statSync(path)
  const files = [{ path, bytes, mtimeMs, groups: [ROWS] }]
  const sql =
    `SELECT n AS o0, weir_end FROM (SELECT * FROM (SELECT n FROM read_parquet('${path}') ` +
    `UNION ALL BY NAME SELECT TRUE AS weir_end) ORDER BY weir_end NULLS FIRST, n)`
  return {
    nodes: [{ id: 'input', type: 'file', config: { path: 'in.parquet' }, port: 'out', from: [] }],
    sources: [{ node: 'input', scan: path, facts: { files, bytes, rows: ROWS, columns: [] } }],
    tables: [],
    counts: [],
    surveys: [],
    result: { sql, columns: [{ name: 'n' }] },
    looks: [],
    why: '',
  }
}

/** The records of the file, which is changed behind the program's back. */
function readWith(change: () => void): AsyncIterable<Batch> {
  writeFileSync(path, good)
  const records = new SqlRecords({
    node: 'input',
    program() {
      const made = program()
      change()
      return made
    },
    edges: [],
    limits: { memoryMb: 256, threads: 1, folder: () => folder },
    io: { resolve: (name) => name, guard: () => () => {} },
    metered: false,
  })
  return records.records([], silentContext)
}

it('gives all records of a file that stays as it is', async () => {
  let found = 0
  for await (const batch of readWith(() => {})) found += batch.length
  expect(found).toBe(ROWS)
})

it.each([
  ['is cut off, which DuckDB takes for damage', () => truncateSync(path, 1000)],
  ['goes away', () => rmSync(path)],
  ['was written anew, with the same length', () => utimesSync(path, 1, 1)],
])('a file that %s fails the run before a record leaves', async (_, change) => {
  const found: Batch[] = []
  const reading = async () => {
    for await (const batch of readWith(change)) found.push(batch)
  }
  await expect(reading()).rejects.toMatchObject({
    node: 'input',
    message: `${path} changed while it was being read.`,
  })
  expect(found).toEqual([])
})

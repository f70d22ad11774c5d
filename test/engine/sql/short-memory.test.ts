/** A statement that its memory does not suffice for: tried once more with one thread, behind what was sent already. */
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { SqlRecords } from '../../../engine/runtime/sql-records.ts'
import type { SqlNode, SqlProgram } from '../../../engine/sql/program-parts.ts'
import { duckDbLimits } from '../../../engine/sql/sql-limits.ts'
import { silentContext } from './silent-context.ts'

/** More than DuckDB makes before somebody takes them. */
const ROWS = 400_000
const FAILS = 350_000
const nodes: SqlNode[] = [
  { id: 'file', type: 'file', config: { path: 'in.parquet' }, port: 'out', from: [] },
  { id: 'top', type: 'top', config: { n: ROWS }, port: 'out', from: ['file'] },
]

/** Fails where `condition` holds, which DuckDB’s binding takes for the end of the records. */
const failing = (condition: string): SqlProgram => ({
  nodes,
  sources: [{ node: 'file', scan: 'in.parquet', facts: { files: [], bytes: 0, rows: ROWS, columns: [] } }],
  tables: [],
  counts: [],
  surveys: [],
  result: {
    // After the sort, while records are given.
    sql:
      `SELECT CASE WHEN ${condition} THEN error('Out of Memory Error: failed to allocate') ELSE i END::DOUBLE AS o0, ` +
      `weir_end FROM (SELECT * FROM (SELECT * FROM range(${ROWS}) t(i) UNION ALL BY NAME SELECT TRUE AS weir_end) ` +
      `ORDER BY weir_end NULLS FIRST, i)`,
    columns: [{ name: 'n' }],
  },
  looks: [],
  why: '',
})

async function numbersOf(program: SqlProgram, found: number[]): Promise<number[]> {
  const records = new SqlRecords({
    node: 'top',
    program: () => program,
    edges: [{ id: 'edge', from: 'file', to: 'top' }],
    limits: { memoryMb: 256, threads: 2, folder: tmpdir },
    io: { resolve: (path) => path, guard: () => () => {} },
    metered: false,
  })
  for await (const batch of records.records([], silentContext))
    found.push(...batch.map((record) => (record as { n: number }).n))
  return found
}

describe('a statement that is short of memory', () => {
  it('goes on with one thread, and gives each record once', async () => {
    const found = await numbersOf(failing(`current_setting('threads')::INTEGER > 1 AND i > ${FAILS}`), [])
    expect(found).toHaveLength(ROWS)
    expect(found.every((n, at) => n === at)).toBe(true)
  })

  it('fails where that does not suffice either, with what to do', async () => {
    const found: number[] = []
    await expect(numbersOf(failing(`i > ${FAILS}`), found)).rejects.toMatchObject({
      node: 'top',
      message: expect.stringContaining('stopped before the last record'),
    })
    expect(found.every((n, at) => n === at)).toBe(true)
    expect(found.length).toBeGreaterThan(0)
  })

  it('has fewer threads where whole records are put in order', () => {
    const limits = { memoryMb: 256, threads: 4, folder: tmpdir }
    expect(duckDbLimits(limits, false)).toEqual({ memoryMb: 128, threads: 2 })
    expect(duckDbLimits(limits, true)).toEqual({ memoryMb: 128, threads: 1 })
    expect(duckDbLimits({ ...limits, memoryMb: 1024 }, true)).toEqual({ memoryMb: 512, threads: 4 })
    expect(duckDbLimits({ ...limits, frugal: true }, false)).toEqual({ memoryMb: 192, threads: 1 })
  })
})

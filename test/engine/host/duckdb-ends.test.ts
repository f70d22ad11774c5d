/** Threads that end while DuckDB works in one of them: the process goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRun } from '../../../engine/host/run-host.ts'
import { duck } from '../duck.ts'
import { flowOf } from '../run-flow.ts'

const workerUrl = new URL('../../../dist/engine/worker.js', import.meta.url)
const ROWS = 3_000_000

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-duckdb-ends-'))
  const db = await duck()
  await db.run(
    `COPY (SELECT i AS id, 'user ' || hash(i) AS who FROM range(${ROWS}) t(i)) TO '${join(folder, 'in.parquet')}' (FORMAT parquet)`,
  )
  db.closeSync()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** DuckDB sorts for some seconds, while a share of the numbers is done by another thread. */
const flow = (code: string) =>
  flowOf(
    {
      file: ['file', { path: 'in.parquet' }],
      sort: ['sort', { by: [{ field: 'who', order: 'desc' }], maxRecords: ROWS }],
      out: ['discard'],
      numbers: ['range', { to: 40_000_000 }],
      odd: ['map', { value: code }],
      sum: ['group', { aggregates: [{ as: 'sum', fn: 'sum', field: 'n' }] }],
      rest: ['discard'],
    },
    [
      'file.out -> sort.in',
      'sort.out -> out.in',
      'numbers.out -> odd.in',
      'odd.out -> sum.in',
      'sum.out -> rest.in',
    ],
  )

describe('a run whose threads end while DuckDB works', () => {
  it.each([1, 2, 3])('fails where another thread dies, and nothing else does (%i)', async (round) => {
    const run = startRun({
      // At the beginning of the second share, which the run's own thread does not take over.
      flow: flow(`record === ${20_000_000 + round * 300_000} ? process.reallyExit(3) : { n: record }`),
      baseDir: folder,
      workerUrl,
      workers: 2,
      heapLimitMb: 512,
    })
    expect(run.state.plan.stages.map(({ tier, workers }) => [tier, workers])).toContainEqual(['row', 2])
    expect(run.state.plan.nodes.find(({ id }) => id === 'sort')!.tier).toBe('sql')
    const { phase, error } = await run.ended
    expect(phase).toBe('failed')
    expect(error!.message).toContain('its thread ended')
    await run.dispose()
  })
})

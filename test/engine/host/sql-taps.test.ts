/** Wires inside an SQL stage, as the app asks for them: the row tier's first records, during the run and after it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import type { RunHandle, RunOptions } from '../../../engine/host/run-handle.ts'
import { startRun } from '../../../engine/host/run-host.ts'
import { duck } from '../duck.ts'
import { flowOf } from '../run-flow.ts'

const workerUrl = new URL('../../../dist/engine/worker.js', import.meta.url)
const ROWS = 400_000
const FIRST = 200

let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-taps-'))
  db = await duck()
  await write('in.parquet')
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string) =>
  db.run(
    `COPY (SELECT i AS id, 'user ' || hash(i) % 5000 AS who, (hash(i) % 1000)::INTEGER AS n, ` +
      `CASE WHEN i % 7 > 0 THEN make_timestamp(i * 1000) END AS at FROM range(${ROWS}) t(i)) ` +
      `TO '${join(folder, name)}' (FORMAT parquet, ROW_GROUP_SIZE 50000)`,
  )

type Nodes = Parameters<typeof flowOf>[0]
/** A node for each step, one behind the other; the wires leave a filter by `kept`. */
function flow(steps: Nodes, more: { nodes?: Nodes; edges?: string[] } = {}): Flow {
  const ids = Object.keys(steps)
  return flowOf({ ...steps, ...more.nodes }, [...wires(steps), ...(more.edges ?? [])])
  function wires(nodes: Nodes): string[] {
    return ids.slice(1).map((id, at) => `${leaving(ids[at]!, nodes)} -> ${id}.in`)
  }
}
const leaving = (id: string, nodes: Nodes) => `${id}.${nodes[id]![0] === 'filter' ? 'kept' : 'out'}`

const start = (of: Flow, options: Partial<RunOptions> = {}) =>
  startRun({ flow: of, baseDir: folder, workerUrl, workers: 2, heapLimitMb: 512, tier: 'sql', ...options })

const topUsers = (condition: string, path = 'in.parquet'): Nodes => ({
  file: ['file', { path }],
  some: ['filter', { condition }],
  group: [
    'group',
    {
      by: ['who'],
      aggregates: [
        { as: 'sum', fn: 'sum', field: 'n' },
        { as: 'last', fn: 'max', field: 'at' },
      ],
    },
  ],
  top: ['top', { by: 'sum', n: 10 }],
  out: ['table'],
})
const FEW = 'record.n % 3 === 1 && record.at !== null'

/** What the row tier sends first over each wire: a table hangs on it. */
async function firstOfRows(steps: Nodes): Promise<Record<string, unknown[]>> {
  const inner = Object.keys(steps).slice(0, -2)
  const nodes: Nodes = Object.fromEntries(inner.map((id) => [`seen-${id}`, ['table']]))
  const edges = inner.map((id) => `${leaving(id, steps)} -> seen-${id}.in`)
  const run = start(flow(steps, { nodes, edges }), { tier: 'row' })
  expect(await run.ended).toMatchObject({ phase: 'done' })
  const found: Record<string, unknown[]> = {}
  for (const id of inner) found[id] = (await run.rows(`seen-${id}`, 0, FIRST))!.rows
  await run.dispose()
  return found
}

const tapOf = (run: RunHandle, id: string, limit = FIRST) =>
  run.tap(run.state.plan.edges.find(({ from }) => from.node === id)!.id, limit)
const sqlNodes = (run: RunHandle) =>
  run.state.plan.nodes.flatMap(({ id, tier }) => (tier === 'sql' ? id : []))

describe('wires inside an SQL stage', () => {
  it('show the row tier’s first records while the run goes on, and after it', async () => {
    const steps = topUsers(FEW)
    const wanted = await firstOfRows(steps)
    for (const id of ['file', 'some', 'group']) expect(wanted[id], id).toHaveLength(FIRST)

    // The run cannot end before its rows were taken.
    let take = () => {}
    const taken = new Promise<void>((resolve) => {
      take = resolve
    })
    const run = start(flow(steps), { stream: { node: 'out', rows: () => taken } })
    expect(sqlNodes(run)).toEqual(['file', 'some', 'group', 'top'])
    for (const id of ['file', 'some', 'group']) {
      await vi.waitFor(async () => expect((await tapOf(run, id))!.records).toEqual(wanted[id]), 10_000)
    }
    expect(run.state.phase).toBe('running')
    take()
    expect(await run.ended).toMatchObject({ phase: 'done' })
    for (const id of ['file', 'some', 'group']) {
      const tap = (await tapOf(run, id))!
      expect(tap).toMatchObject({ records: wanted[id], first: true })
      expect(tap.fields.map(({ name }) => name)).toEqual(Object.keys(wanted[id]![0] as object))
      expect((await tapOf(run, id, 3))!.records).toEqual(wanted[id]!.slice(0, 3))
    }
    expect((await tapOf(run, 'file'))!.total).toBe(ROWS)
    await run.dispose()
  })

  it('show them where nobody asked before the end, behind a sort too', async () => {
    const steps: Nodes = {
      file: ['file', { path: 'in.parquet' }],
      some: ['filter', { condition: FEW }],
      sort: ['sort', { by: [{ field: 'who', order: 'desc' }] }],
      top: ['top', { by: 'n', n: 10 }],
      out: ['table'],
    }
    const wanted = await firstOfRows(steps)
    const run = start(flow(steps))
    expect(sqlNodes(run)).toEqual(['file', 'some', 'sort', 'top'])
    await run.ended
    for (const id of ['sort', 'some', 'file']) expect((await tapOf(run, id))!.records, id).toEqual(wanted[id])
    await run.dispose()
  })

  it('show them before and behind a join', async () => {
    const joined = (more: { nodes?: Nodes; edges?: string[] } = {}) =>
      flowOf(
        {
          file: ['file', { path: 'in.parquet' }],
          other: ['file', { path: 'in.parquet' }],
          few: ['top', { by: 'n', n: 50 }],
          join: ['join', { keys: [{ left: 'n' }] }],
          group: ['group', { by: ['who'] }],
          out: ['table'],
          ...more.nodes,
        },
        [
          'file.out -> join.left',
          'other.out -> few.in',
          'few.out -> join.right',
          'join.out -> group.in',
          'group.out -> out.in',
          ...(more.edges ?? []),
        ],
      )
    const row = start(joined({ nodes: { seen: ['table'] }, edges: ['join.out -> seen.in'] }), { tier: 'row' })
    expect(await row.ended).toMatchObject({ phase: 'done' })
    const wanted = (await row.rows('seen', 0, FIRST))!.rows
    await row.dispose()
    const run = start(joined())
    expect(sqlNodes(run)).toEqual(['file', 'other', 'few', 'join', 'group'])
    expect(await run.ended).toMatchObject({ phase: 'done' })
    expect((await tapOf(run, 'join'))!.records).toEqual(wanted)
    const files = await Promise.all(['file', 'other'].map((id) => tapOf(run, id)))
    for (const tap of files) expect(tap).toMatchObject({ total: ROWS, first: true })
    expect(files[0]!.records).toEqual(files[1]!.records)
    await run.dispose()
  })

  it('show nothing where nothing passes, and where no records are kept', async () => {
    const none = start(flow(topUsers('record.n < 0')))
    expect(await none.ended).toMatchObject({ phase: 'done' })
    for (const id of ['some', 'group']) expect(await tapOf(none, id)).toMatchObject({ records: [], total: 0 })
    await none.dispose()
    const unmetered = start(flow(topUsers(FEW)), { meters: false })
    expect(await unmetered.ended).toMatchObject({ phase: 'done' })
    for (const id of ['file', 'group']) expect((await tapOf(unmetered, id))!.records).toEqual([])
    await unmetered.dispose()
  })

  it('show nothing of another file than the run’s, but what was seen before', async () => {
    await write('changing.parquet')
    const run = start(flow(topUsers(FEW, 'changing.parquet')))
    expect(await run.ended).toMatchObject({ phase: 'done' })
    const before = (await tapOf(run, 'file'))!.records
    expect(before).toHaveLength(FIRST)
    await db.run(`COPY (SELECT 1 AS id) TO '${join(folder, 'changing.parquet')}' (FORMAT parquet)`)
    expect((await tapOf(run, 'some'))!.records).toEqual([])
    expect((await tapOf(run, 'file'))!.records).toEqual(before)
    await run.dispose()
  })

  it('do not keep a run from being thrown away', async () => {
    for (let round = 0; round < 3; round++) {
      const run = start(flow(topUsers('record.n < 0')))
      const tap = tapOf(run, 'some')
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, round * 40))
      await run.dispose()
      expect(await run.ended).toMatchObject({ phase: expect.stringMatching(/stopped|done/) })
      expect((await tap)?.records ?? []).toEqual([])
    }
  })
})

/** Flows from NDJSON to NDJSON: the kernel tier writes the file, and counts and refuses, as the row tier does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { EDGE_METERS, NODE_METERS } from '../../../engine/host/protocol.ts'
import { Run } from '../../../engine/runtime/run.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { flowOf, testIo } from '../run-flow.ts'
import { registry, startSharedRun } from '../runtime/shared-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-write-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ERRORS = ['in', 'good', 'more', 'out']

function flow(wired = true): Flow {
  const fields = [
    { field: 'name', value: 'record.user.trim()' },
    { field: 'n', value: 'record.bytes > 990 ? BigInt(record.bytes) : record.bytes / 7' },
  ]
  return flowOf(
    {
      in: ['file', { path: 'in.ndjson' }],
      good: ['filter', { condition: 'record.status.code !== 404' }],
      more: ['derive', { fields }],
      out: ['write-file', { path: 'out.ndjson' }],
      ...(wired && { bad: ['table', {}] }),
    },
    [
      'in.out -> good.in',
      'good.kept -> more.in',
      'more.out -> out.in',
      ...(wired ? ERRORS.map((id) => `${id}.error -> bad.in`) : []),
    ],
  )
}

/** Lines of which some are odd in each way, and some fail at each node. */
function lines(count: number, faults: number): string {
  const random = seededRandom(count)
  const odd = [
    'oops',
    '',
    ' \t',
    '7',
    '{"status":null}',
    '{"status":{"code":200},"user":null}',
    '{"status":{"code":404}}',
    '{"status":{"code":200},"user":"x","bytes":999}',
    '{"status":{"code":200},"user":"x","bytes":1,"n":5}',
    '{ "status": {"code": 200}, "user": "größe", "bytes": 1.0 }\r',
    '{"status":{"code":200},"user":"\\u0041","bytes":1}',
  ]
  return Array.from({ length: count }, (_, i) =>
    random() < faults
      ? odd[Math.floor(random() * odd.length)]!
      : `{"status":{"code":${random() < 0.3 ? 404 : 200}},"user":" u${i} ","bytes":${i % 990}}`,
  ).join('\n')
}

interface Told {
  state: string
  error: unknown
  file: string
  bad: string[]
  counts: Record<string, number>
}

async function told(run: Run, frame: () => { nodes: number[]; edges: number[] }): Promise<Told> {
  const outcome = await run.ended
  const { nodes, edges } = frame()
  const counts: Told['counts'] = {}
  run.plan.nodes.forEach(({ id }, at) => {
    for (const name of ['in', 'out', 'errors', 'dropped'] as const)
      counts[`${id}.${name}`] = nodes[at * NODE_METERS.length + NODE_METERS.indexOf(name)]!
  })
  run.plan.edges.forEach(({ id }, at) => {
    counts[id] = edges[at * EDGE_METERS.length + EDGE_METERS.indexOf('records')]!
  })
  const bad = run.rows('bad')?.slice(0, 100_000) ?? []
  const file = outcome.phase === 'done' ? readFileSync(join(folder, 'out.ndjson'), 'utf8') : ''
  const text = (value: unknown) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))
  return {
    state: outcome.phase,
    error: outcome.error,
    file,
    bad: bad.map(text).sort(),
    counts,
  }
}

async function rowRun(flow: Flow): Promise<Told> {
  const run = new Run({ flow, registry, io: testIo(folder) })
  return told(run, () => run.meters.read())
}

async function kernelRun(flow: Flow, workers: number): Promise<Told> {
  const { run, work, meters, ended } = startSharedRun(flow, folder, workers)
  expect(work.plan.stages[0]).toMatchObject({ tier: 'kernel', nodes: ['in', 'good', 'more'] })
  await ended
  return told(run, () => meters.read())
}

describe('flows from NDJSON to NDJSON', () => {
  it.each([1, 2, 3])('are the row tier’s with %i workers', async (workers) => {
    for (const [count, faults] of [
      [1, 0],
      [3000, 0],
      [3000, 0.02],
      [500, 0.5],
    ] as const) {
      writeFileSync(join(folder, 'in.ndjson'), lines(count, faults))
      const row = await rowRun(flow())
      expect(row.state).toBe('done')
      expect(await kernelRun(flow(), workers)).toEqual(row)
    }
  })

  it('fail at the line at which the row tier fails', async () => {
    writeFileSync(join(folder, 'in.ndjson'), `${lines(2000, 0)}\n\noops\n${lines(50, 0)}`)
    const row = await rowRun(flow(false))
    const kernel = await kernelRun(flow(false), 2)
    expect([row.state, kernel.state]).toEqual(['failed', 'failed'])
    expect(kernel.error).toEqual(row.error)
  })

  it('keep the beginning of it all, in whole lines, when they are stopped', async () => {
    writeFileSync(join(folder, 'in.ndjson'), lines(3000, 0))
    const whole = (await rowRun(flow(false))).file
    rmSync(join(folder, 'out.ndjson'))
    for (let turns = 0; turns < 30; turns += 3) {
      const { run, work, ended } = startSharedRun(flow(false), folder, 3)
      expect(work.plan.stages[0]!.tier).toBe('kernel')
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
      run.stop()
      expect(['stopped', 'done']).toContain((await ended).phase)
      const text = readFileSync(join(folder, 'out.ndjson'), 'utf8')
      expect(whole.startsWith(text)).toBe(true)
      expect(text === '' || text.endsWith('\n')).toBe(true)
    }
  })
})

/**
 * Random flows in threads, as the program runs them, with one worker and with several: they end or are stopped at any
 * moment, every record is accounted for, queues stay bounded, and no thread, handle or temporary file is left.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../engine/flow/model.ts'
import { edgeMeter, nodeMeter } from '../engine/host/protocol.ts'
import type { RunHandle } from '../engine/host/run-handle.ts'
import { startRun } from '../engine/host/run-host.ts'
import { flowOf } from './engine/run-flow.ts'
import { buildFlow, drawnFlow, type DrawnFlow, type PROCESSORS } from './random-flow.ts'

const workerUrl = new URL('../dist/engine/worker.js', import.meta.url)
/** What workers may do in any order. */
const STATELESS = new Set(['map', 'filter', 'merge', 'flat-map'])

/** Temporary files of these runs only: the threads take the folder from the environment. */
let folder: string
const before = process.env['TMPDIR']
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-laws-'))
  process.env['TMPDIR'] = folder
})
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true })
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Threads and their ports, and whatever else keeps a process from ending. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) {
    // Of the test itself, and come and go.
    if (name === 'Timeout' || name === 'Immediate' || name.startsWith('FS')) continue
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Waits until a run has left what was there before it: a thread takes a moment to go. */
async function nothingLeft(earlier: Record<string, number>): Promise<void> {
  const more = () => Object.entries(resources()).filter(([name, count]) => count > (earlier[name] ?? 0))
  for (let turn = 0; turn < 100 && more().length > 0; turn++) await pause(20)
  expect(more()).toEqual([])
  expect(readdirSync(folder)).toEqual([])
}

/** What went over a wire was read or dropped; nodes that keep records give each on some port; queues are empty. */
function conserves(run: RunHandle, flow: Flow, exact: ReadonlySet<string>, finished: boolean): void {
  const { plan } = run.state
  const frame = run.frame()
  plan.nodes.forEach(({ id }, index) => {
    const count = (name: 'in' | 'out' | 'errors' | 'dropped') => nodeMeter(frame, index, name)
    const into = plan.edges.flatMap(({ to }, at) => (to.node === id ? [at] : []))
    const came = into.reduce((sum, at) => sum + edgeMeter(frame, at, 'records'), 0)
    const lost = into.reduce((sum, at) => sum + edgeMeter(frame, at, 'dropped'), 0)
    expect(count('in'), `in of ${id}`).toBeLessThanOrEqual(came)
    if (flow.nodes[id]!.type !== 'range')
      expect(count('in') + lost, `read or dropped before ${id}`).toBeGreaterThanOrEqual(came)
    for (const at of into) expect(edgeMeter(frame, at, 'queuedRecords'), `queue of ${id}`).toBe(0)
    if (finished && exact.has(id))
      expect(count('in'), `in = out + errors + dropped of ${id}`).toBe(
        count('out') + count('errors') + count('dropped'),
      )
  })
}

/** Watches the queues of a run while it goes. */
async function boundedUntilEnd(run: RunHandle): Promise<void> {
  let over = ''
  const watch = setInterval(() => {
    const frame = run.frame()
    run.state.plan.edges.forEach(({ id, capacity }, at) => {
      const queued = edgeMeter(frame, at, 'queuedRecords')
      if (queued > capacity.records) over = `${id}: ${queued} of ${capacity.records}`
    })
  }, 5)
  await run.ended
  clearInterval(watch)
  expect(over).toBe('')
}

const start = (flow: Flow, workers: number, memoryMb = 64) =>
  startRun({ flow, baseDir: folder, workerUrl, workers, memoryMb })

function built(shape: DrawnFlow, records: number, workers: number) {
  const allowed = ({ type }: (typeof PROCESSORS)[number]) =>
    workers > 1 ? STATELESS.has(type) : type !== 'sort'
  // Queues of their own keep a flow from being shared.
  const capacities = workers > 1 ? [undefined] : shape.capacities
  return buildFlow({ ...shape, records, capacities }, { allowed, counted: workers > 1 })
}

describe.each([1, 2])('random flows of up to 30 nodes, %s workers,', (workers) => {
  it('end by themselves with every record accounted for, and leave nothing', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(drawnFlow, async (shape) => {
        const earlier = resources()
        // Fewer are not worth a second worker.
        const records = workers > 1 ? 2_000_000 : shape.records
        const few = workers > 1 ? { ...shape, nodes: shape.nodes.slice(0, 3) } : shape
        const { flow, exact } = built(few, records, workers)
        const run = start(flow, workers)
        if (run.state.plan.stages.some((stage) => stage.workers === workers)) shared++
        await boundedUntilEnd(run)
        expect(await run.ended).toMatchObject({ phase: 'done' })
        conserves(run, flow, exact, true)
        await run.dispose()
        await nothingLeft(earlier)
      }),
      { numRuns: workers > 1 ? 2 : 12 },
    )
    expect(shared).toBeGreaterThan(1)
  }, 120_000)

  it('settle when they are stopped at any moment, and leave nothing', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlow, fc.integer({ min: 0, max: 200 }), async (shape, ms) => {
        const earlier = resources()
        const { flow, exact } = built(shape, 1e10, workers)
        const run = start(flow, workers)
        await pause(ms)
        const { phase, forced } = await run.stop()
        // A flow with take may be done.
        expect(['stopped', 'done']).toContain(phase)
        if (!forced) conserves(run, flow, exact, false)
        await run.dispose()
        await nothingLeft(earlier)
      }),
      { numRuns: 8 },
    )
  }, 120_000)

  it('that have laid records aside leave no file, stopped at any moment', async () => {
    let spilled = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 900 }), async (ms) => {
        const earlier = resources()
        const flow = flowOf(
          {
            r: ['range', { to: 1e9 }],
            m: ['map', { value: '({ key: (record * 7919) % 1000003, text: String(record) })' }],
            s: ['sort', { by: [{ field: 'key', order: 'asc' }] }],
            t: ['table'],
          },
          ['r.out -> m.in', 'm.out -> s.in', 's.out -> t.in'],
        )
        const run = start(flow, workers, 16)
        await pause(ms)
        if (readdirSync(folder).length > 0) spilled++
        await run.stop()
        await run.dispose()
        await nothingLeft(earlier)
      }),
      // The last one surely has something on the disk.
      { numRuns: 5, examples: [[3000]] },
    )
    expect(spilled).toBeGreaterThan(0)
  }, 120_000)
})

/** Runs whose stages several real threads share: taps, counts, stop, crash, and nothing left behind. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeMeter, nodeState } from '../../../engine/host/protocol.ts'
import { startRun } from '../../../engine/host/run-host.ts'
import type { RunHandle } from '../../../engine/host/run-handle.ts'
import { flowOf } from '../run-flow.ts'

const workerUrl = new URL('../../../dist/engine/worker.js', import.meta.url)
const MILLIONS = 6_000_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-threads-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(flow: Flow, heapLimitMb = 512): RunHandle {
  return startRun({ flow, baseDir: folder, workerUrl, workers: 2, heapLimitMb })
}

/** A range into a sum, with a map between; an expression that does not come back where it is told so. */
function sumFlow(value: string, records = MILLIONS): Flow {
  return flowOf(
    {
      r: ['range', { to: records }],
      m: ['map', { value }],
      g: [
        'group',
        {
          aggregates: [
            { as: 'sum', fn: 'sum' },
            { as: 'n', fn: 'count' },
          ],
        },
      ],
      t: ['table'],
    },
    ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in'],
  )
}

const indexOf = (run: RunHandle, id: string) => run.state.plan.nodes.findIndex((node) => node.id === id)

describe('a run that two threads share', () => {
  it('gives the rows, the counts of all threads, and the records of inner wires after its end', async () => {
    const run = start(sumFlow('record * 2'))
    expect(run.state.plan.stages[0]).toMatchObject({ workers: 2, nodes: ['r', 'm', 'g'] })
    expect(await run.ended).toMatchObject({ phase: 'done' })
    expect(await run.rows('t', 0, 10)).toMatchObject({
      rows: [{ sum: MILLIONS * (MILLIONS + 1), n: MILLIONS }],
    })
    const frame = run.frame()
    for (const id of ['r', 'm', 'g', 't']) expect(nodeState(frame, indexOf(run, id)), id).toBe('done')
    expect(nodeMeter(frame, indexOf(run, 'm'), 'in')).toBe(MILLIONS)
    expect(nodeMeter(frame, indexOf(run, 'r'), 'progressDone')).toBe(MILLIONS)
    expect(nodeMeter(frame, indexOf(run, 'r'), 'progressTotal')).toBe(MILLIONS)
    const tap = await run.tap('m.out->g.in', 5)
    expect(tap).toMatchObject({ total: MILLIONS })
    // Wires inside a loop are looked at now and then, and shares change hands where a thread is slow: any five, in order.
    const records = tap!.records as number[]
    expect(records).toHaveLength(5)
    expect(records.every((record) => record % 2 === 0 && record > 0 && record <= 2 * MILLIONS)).toBe(true)
    expect(new Set(records).size).toBe(5)
    await run.dispose()
    expect(await run.tap('m.out->g.in', 5)).toBeNull()
  })

  it('is stopped in order where its code comes back', async () => {
    const run = start(sumFlow('record + 1', 1e12))
    while (nodeMeter(run.frame(), indexOf(run, 'g'), 'in') < 100_000)
      await new Promise((go) => setTimeout(go, 5))
    const stopped = await run.stop()
    expect(stopped).toMatchObject({ phase: 'stopped', forced: false })
    // What was summed by then is there.
    expect((await run.rows('t', 0, 1))!.rows).toHaveLength(1)
    await run.dispose()
  })

  it('is stopped in order in the middle of a batch, where code takes its time for each record', async () => {
    // A thousand records of a batch take two seconds.
    const slow = '((end) => { while (performance.now() < end); return record })(performance.now() + 2)'
    const run = start(sumFlow(slow))
    const meter = (id: string, name: 'in' | 'dropped') => nodeMeter(run.frame(), indexOf(run, id), name)
    while (nodeState(run.frame(), indexOf(run, 'm')) !== 'running')
      await new Promise((go) => setTimeout(go, 5))
    expect(await run.stop()).toMatchObject({ phase: 'stopped', forced: false })
    expect(meter('m', 'dropped')).toBeGreaterThan(0)
    expect(meter('g', 'in')).toBe(meter('m', 'in') - meter('m', 'dropped'))
    await run.dispose()
  })

  it('is stopped by force where the code of one share never comes back', async () => {
    // Only the second half of the numbers loops, behind its first batch.
    const run = start(sumFlow(`record > ${MILLIONS / 2 + 1500} ? (() => { while (true); })() : record`))
    const came = () => nodeMeter(run.frame(), indexOf(run, 'g'), 'in')
    const pause = (ms: number) => new Promise((go) => setTimeout(go, ms))
    // The first half is through, and in the second one nothing moves.
    for (let before = -1; came() <= MILLIONS / 2 || came() > before; await pause(50)) before = came()
    expect(await run.stop()).toMatchObject({ phase: 'stopped', forced: true })
    await run.dispose()
  })

  it('fails with the nodes of the share whose thread dies, and leaves no file behind', async () => {
    const flow = sumFlow(`record > ${MILLIONS / 2 + 10} ? process.reallyExit(3) : record`)
    const run = start(flow)
    const state = await run.ended
    expect(state).toMatchObject({
      phase: 'failed',
      error: { code: 'crashed', at: { node: expect.stringMatching(/^[rm]$/) } },
    })
    expect(state.error!.message).toContain('“m”')
    await run.dispose()
  })

  it('says what to do when the thread of a share runs out of memory', async () => {
    const hold = `(() => { globalThis.held ??= []; held.push(Array.from({ length: 1000 }, () => ({ record }))); return record })()`
    const run = start(sumFlow(`record > ${MILLIONS / 2 + 10} ? ${hold} : record`), 128)
    const state = await run.ended
    expect(state).toMatchObject({
      phase: 'failed',
      error: { code: 'memory', at: { node: expect.stringMatching(/^[rm]$/) } },
    })
    expect(state.error!.remedy).toContain('fewer workers')
    await run.dispose()
  }, 60_000)

  it('ends with no thread, port or file left', async () => {
    const line = `${JSON.stringify({ id: 1, text: 'x'.repeat(100) })}\n`
    writeFileSync(join(folder, 'in.ndjson'), line.repeat(100_000))
    const before = process.getActiveResourcesInfo().length
    for (let i = 0; i < 3; i++) {
      const run = start(
        flowOf(
          {
            in: ['file', { path: 'in.ndjson' }],
            keep: ['filter', { condition: 'record.id === 1' }],
            out: ['write-file', { path: 'out.ndjson' }],
          },
          ['in.out -> keep.in', 'keep.kept -> out.in'],
        ),
      )
      expect(run.state.plan.stages[0]!.workers).toBe(2)
      expect(await run.ended).toMatchObject({ phase: 'done' })
      await run.dispose()
    }
    // Threads and ports are closed by the event loop, which may take its time about it.
    await vi.waitFor(
      () => expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before),
      20_000,
    )
    expect(readdirSync(folder).sort()).toEqual(['in.ndjson', 'out.ndjson'])
  })

  it('fails when the file changes while it is read in shares', async () => {
    const path = join(folder, 'growing.txt')
    writeFileSync(path, 'a line of text\n'.repeat(2_000_000))
    const run = start(
      flowOf({ in: ['file', { path }], m: ['map', { value: 'record' }], g: ['group', {}], t: ['table'] }, [
        'in.out -> m.in',
        'm.out -> g.in',
        'g.out -> t.in',
      ]),
    )
    expect(run.state.plan.stages[0]!.workers).toBe(2)
    // Cut off before any thread has read to its end.
    writeFileSync(path, 'another line\n')
    expect(await run.ended).toMatchObject({ phase: 'failed', error: { code: 'node', at: { node: 'in' } } })
    await run.dispose()
  })
})

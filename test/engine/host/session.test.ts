/** Sessions over an in-memory wire, with real workers: runs, frames, taps, consent, stop by force, crash. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { createEngineHost } from '../../../engine/host/engine-host.ts'
import type { EngineHost } from '../../../engine/host/engine-host.ts'
import { memoryPortPair } from '../../../engine/host/port.ts'
import { edgeMeter, nodeState, PROTOCOL_VERSION } from '../../../engine/host/protocol.ts'
import type { Events, Frame, LogLine, Replies, RunState } from '../../../engine/host/protocol.ts'
import { connectClient } from '../../../renderer/transport/client.ts'
import type { EngineClient } from '../../../renderer/transport/client.ts'
import { flowOf } from '../run-flow.ts'

const workerUrl = new URL('../../../dist/engine/worker.js', import.meta.url)

let host: EngineHost
let folder: string
beforeEach(async () => {
  host = createEngineHost({ workerUrl, trustFile: null, examplesDir: null, version: '0', heapLimitMb: 256 })
  folder = await mkdtemp(join(tmpdir(), 'weir-session-'))
})
afterEach(async () => {
  await host.close()
  await rm(folder, { recursive: true, force: true })
})

/** A client that acknowledges frames and collects what it is told. */
async function client(clientId = 'test', acknowledge = true) {
  const [mine, theirs] = memoryPortPair()
  host.accept(theirs)
  const engine = connectClient(mine)
  const frames: Frame[] = []
  const states: RunState[] = []
  const log: LogLine[] = []
  engine.on('frame', (frame) => {
    frames.push(frame)
    if (acknowledge) void engine.request('ack', { seq: frame.seq })
  })
  engine.on('run', (state) => void states.push(state))
  engine.on('log', ({ lines }) => void log.push(...lines))
  const hello = await engine.request('hello', { protocol: PROTOCOL_VERSION, clientId })
  return { engine, frames, states, log, hello, close: () => mine.close() }
}

/** Resolves at the first event that satisfies the test. */
function once<Name extends keyof Events>(
  engine: EngineClient,
  event: Name,
  test: (payload: Events[Name]) => boolean,
): Promise<Events[Name]> {
  return new Promise((resolve) => {
    const off = engine.on(event, (payload) => {
      if (!test(payload)) return
      off()
      resolve(payload)
    })
  })
}

const ended = (engine: EngineClient) => once(engine, 'run', ({ endedAt }) => endedAt !== undefined)

async function start(engine: EngineClient, flow: Flow, own: string[] = []): Promise<RunState> {
  const reply = await engine.request('start', { flow, baseDir: folder, own })
  if (!reply.ok) throw new Error(JSON.stringify(reply))
  return reply.run
}

const counting = flowOf({ n: ['range', { to: 5000 }], t: ['table'] }, ['n.out -> t.in'])
const endless = flowOf({ n: ['range', { to: 1e12 }], h: ['throttle', { rate: 10 }], t: ['table'] }, [
  'n.out -> h.in',
  'h.out -> t.in',
])

describe('a session', () => {
  it('greets with the nodes, and refuses every other request before that', async () => {
    const { hello } = await client()
    expect(hello.descriptors.map(({ type }) => type)).toContain('throttle')
    const [mine, theirs] = memoryPortPair()
    host.accept(theirs)
    await expect(connectClient(mine).request('format', { flow: counting })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('refuses another version of the protocol', async () => {
    const [mine, theirs] = memoryPortPair()
    host.accept(theirs)
    const hello = connectClient(mine).request('hello', { protocol: 99, clientId: 'x' })
    await expect(hello).rejects.toMatchObject({ code: 'refused' })
  })

  it('answers malformed requests with what is wrong, never with a stack trace', async () => {
    const { engine } = await client()
    const odd = engine as unknown as { request(name: string, params: unknown): Promise<unknown> }
    for (const [name, params] of [
      ['start', { flow: 7 }],
      ['tap', {}],
      ['constructor', {}],
      ['__proto__', {}],
      ['rows', { runId: 'x', node: 'n', offset: -1, limit: 1e9 }],
    ] as const) {
      await expect(odd.request(name, params)).rejects.toMatchObject({ code: 'bad-request' })
    }
    await expect(engine.request('stop', { runId: 'gone' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(engine.request('readDocument', { path: '/etc/passwd' })).rejects.toMatchObject({
      code: 'refused',
    })
  })

  it('runs a flow, sends the last totals before the end, and reads rows and taps afterwards', async () => {
    const { engine, frames, states } = await client()
    const over = ended(engine)
    const run = await start(engine, counting)
    expect((await over).phase).toBe('done')
    expect(states.at(-1)?.tables).toEqual(['t'])
    const rows = await engine.request('rows', { runId: run.runId, node: 't', offset: 4998, limit: 10 })
    expect(rows).toMatchObject({ rows: [4999, 5000], total: 5000, fields: [] })
    const tap = await engine.request('tap', { runId: run.runId, edge: 'n.out->t.in', limit: 2 })
    expect(tap).toMatchObject({ records: [4999, 5000], total: 5000, truncated: false })
    expect(edgeMeter(frames.at(-1)!, 0, 'records')).toBe(5000)
    await expect(
      engine.request('tap', { runId: run.runId, edge: 'a.b->c.d', limit: 2 }),
    ).rejects.toMatchObject({ code: 'busy' })
  })

  it('sends no second frame before the first is acknowledged', async () => {
    const { engine, frames } = await client('lazy', false)
    const run = await start(engine, endless)
    const first = frames[0] ?? (await once(engine, 'frame', () => true))
    // Ten answers of the engine later there would have been more.
    for (let i = 0; i < 10; i++)
      await engine.request('tap', { runId: run.runId, edge: 'n.out->h.in', limit: 1 })
    await engine.request('stop', { runId: run.runId })
    expect(frames.map(({ seq }) => seq)).toEqual([first.seq])
    const next = once(engine, 'frame', () => true)
    await engine.request('ack', { seq: first.seq })
    expect((await next).seq).toBeGreaterThan(first.seq)
  })

  it('a slow consumer fills its edge, stops the source, and stop settles in order', async () => {
    const { engine } = await client()
    const full = once(engine, 'frame', (frame) => edgeMeter(frame, 0, 'fill') > 0.95)
    const run = await start(engine, endless)
    const frame = await full
    expect(edgeMeter(frame, 0, 'queuedRecords')).toBeLessThanOrEqual(run.plan.edges[0]!.capacity.records)
    const reply = await engine.request('stop', { runId: run.runId })
    expect(reply).toMatchObject({ phase: 'stopped', forced: false })
  })

  it('stops user code that never returns by force, and the next run works', async () => {
    const { engine, log } = await client()
    const loop = 'while (true) {}'
    const flow = flowOf({ n: ['range'], s: ['script', { body: loop }], t: ['table'] }, [
      'n.out -> s.in',
      's.out -> t.in',
    ])
    const inCode = once(engine, 'frame', (frame) => nodeState(frame, 1) === 'running')
    const run = await start(engine, flow, [loop])
    await inCode
    expect(await engine.request('stop', { runId: run.runId })).toMatchObject({
      phase: 'stopped',
      forced: true,
    })
    expect(log.find(({ text }) => text.includes('by force'))?.text).toContain('Node “s” had not come back')
    const over = ended(engine)
    await start(engine, counting)
    expect((await over).phase).toBe('done')
  })

  it('a run that eats all memory fails with a remedy and leaves the engine alive', async () => {
    const { engine } = await client()
    const hog =
      '(globalThis.hoard ??= []).push(new Array(100_000).fill(0).map(() => ({ record }))); return record'
    const flow = flowOf({ n: ['range'], s: ['script', { body: hog }], t: ['table'] }, [
      'n.out -> s.in',
      's.out -> t.in',
    ])
    const over = ended(engine)
    await start(engine, flow, [hog])
    const state = await over
    expect(state.phase).toBe('failed')
    expect(state.error?.code).toBe('memory')
    expect(state.error?.remedy).not.toBe('')
  })

  it('asks before code from elsewhere runs, once', async () => {
    const { engine } = await client()
    const flow = flowOf({ n: ['range', { to: 3 }], m: ['map', { value: 'record * 41' }], t: ['table'] }, [
      'n.out -> m.in',
      'm.out -> t.in',
    ])
    const asked = await engine.request('start', { flow, baseDir: folder })
    expect(asked).toEqual({
      ok: false,
      why: 'consent',
      code: [{ node: 'm', field: 'value', source: 'record * 41' }],
    })
    const sample = await engine.request('sample', { flow, node: 't', baseDir: folder })
    expect(sample).toMatchObject({ ok: false, why: 'consent' })
    await engine.request('trust', { sources: ['record * 41'] })
    const over = ended(engine)
    await start(engine, flow)
    expect((await over).phase).toBe('done')
  })

  it('refuses a flow with errors and names them', async () => {
    const { engine } = await client()
    const flow = flowOf({ n: ['range', { step: 0 }], t: ['table'] }, ['n.out -> t.in'])
    const reply = (await engine.request('start', { flow, baseDir: folder })) as Extract<
      Replies['start'],
      { why: 'problems' }
    >
    expect(reply.why).toBe('problems')
    expect(reply.problems[0]).toMatchObject({ code: 'bad-config', at: { node: 'n', field: 'step' } })
  })

  it('finds its run again after a reload', async () => {
    const first = await client('window')
    const run = await start(first.engine, endless)
    first.close()
    const second = await client('window')
    expect(second.hello.run).toMatchObject({ runId: run.runId, phase: 'running' })
    await once(second.engine, 'frame', () => true)
    expect((await client('other')).hello.run).toBeNull()
  })

  it('samples what would reach a node, through folds and throttles, without touching files', async () => {
    await writeFile(join(folder, 'in.csv'), 'a,b\n1,x\n2,y\n')
    const { engine } = await client()
    const flow = flowOf(
      {
        f: ['file', { path: 'in.csv' }],
        d: ['derive', { fields: [{ field: 'c', value: 'record.a * 2' }] }],
        w: ['write-file', { path: 'out.ndjson' }],
        t: ['table'],
      },
      ['f.out -> d.in', 'd.out -> w.in', 'd.out -> t.in'],
    )
    const reply = await engine.request('sample', { flow, node: 't', baseDir: folder, own: ['record.a * 2'] })
    expect(reply).toEqual({
      ok: true,
      records: [
        { a: 1, b: 'x', c: 2 },
        { a: 2, b: 'y', c: 4 },
      ],
      fields: [
        { name: 'a', type: 'number' },
        { name: 'b', type: 'string' },
        { name: 'c', type: 'number' },
      ],
    })
    expect(await readdir(folder)).toEqual(['in.csv'])
    expect(await engine.request('sample', { flow, node: 'f', baseDir: folder })).toMatchObject({
      why: 'problems',
    })
  })

  it('keeps what was in a file when the run fails, and leaves no temporary file', async () => {
    await writeFile(join(folder, 'out.ndjson'), 'before\n')
    const { engine } = await client()
    const bad = 'if (record === 3000) throw new Error("no"); return record'
    const flow = flowOf(
      { n: ['range', { to: 5000 }], s: ['script', { body: bad }], w: ['write-file', { path: 'out.ndjson' }] },
      ['n.out -> s.in', 's.out -> w.in'],
    )
    const over = ended(engine)
    await start(engine, flow, [bad])
    expect(await over).toMatchObject({
      phase: 'failed',
      error: { code: 'record', at: { node: 's', recordNumber: 3000 } },
    })
    expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('before\n')
    expect(await readdir(folder)).toEqual(['out.ndjson'])
  })

  it('a forced stop removes the half-written file', async () => {
    const { engine } = await client()
    const stuck = 'if (record === 4000) for (;;) {} ; return record'
    const flow = flowOf(
      {
        n: ['range', { to: 1e7 }],
        s: ['script', { body: stuck }],
        w: ['write-file', { path: 'out.ndjson' }],
      },
      ['n.out -> s.in', { from: 's.out', to: 'w.in', capacity: { records: 100 } }],
    )
    const run = await start(engine, flow, [stuck])
    // The batch with record 4000 is on its way: from here on nothing answers.
    await once(engine, 'frame', (frame) => edgeMeter(frame, 0, 'records') >= 4096)
    await engine.request('stop', { runId: run.runId })
    await host.close()
    expect(await readdir(folder)).toEqual([])
  })

  it('prints go to the log, bounded', async () => {
    const { engine, log } = await client()
    const flow = flowOf({ n: ['range', { to: 20_000 }], p: ['print'] }, ['n.out -> p.in'])
    const over = ended(engine)
    await start(engine, flow)
    await over
    expect(log.length).toBeLessThan(20_000)
    expect(log.some(({ level, text }) => level === 'output' && text === '20000')).toBe(true)
    expect(log.some(({ text }) => text.includes('left out here'))).toBe(true)
  })
})

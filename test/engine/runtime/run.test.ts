/** What a run promises: counts, order, backpressure, early end, stop, failure. */
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { range } from '../../../engine/nodes/generators/range.ts'
import { map } from '../../../engine/nodes/processors/map.ts'
import { defineConsumer, defineProcessor } from '../../../engine/spec/node.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun } from '../run-flow.ts'

const plain = { docs: '', config: () => z.object({}), look: { icon: 'x', face: '' }, laws: {}, examples: [] }

/** A consumer that keeps what it got. */
function collector(type = 'collect') {
  const records: unknown[] = []
  const node = defineConsumer({
    ...plain,
    type,
    title: type,
    summary: '',
    async run({ input }) {
      for await (const batch of input['in']!) records.push(...batch)
    },
  })
  return { node, records }
}

/** A consumer that reads only when told to. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const batches: Batch[] = []
  const node = defineConsumer({
    ...plain,
    type: 'gate',
    title: 'gate',
    summary: '',
    async run({ input }) {
      await opened
      for await (const batch of input['in']!) batches.push(batch)
    },
  })
  return { node, batches, open: () => open() }
}

const evens = defineProcessor({
  ...plain,
  type: 'evens',
  title: 'Evens',
  summary: '',
  ports: {
    out: {
      kept: { type: 'any', description: '' },
      rejected: { type: 'any', description: '', optional: true },
    },
  },
  each: () => (record, emit) =>
    Number(record) % 2 === 0 ? emit['kept']!(record) : emit['rejected']!(record),
})

const sum = defineProcessor({
  ...plain,
  type: 'sum',
  title: 'Sum',
  summary: '',
  fold: () => ({
    init: () => ({ value: 0 }),
    add(state, record) {
      ;(state as { value: number }).value += Number(record)
    },
    merge: (a) => a,
    finish: (state) => [(state as { value: number }).value],
  }),
})

const first = defineProcessor({
  ...plain,
  type: 'first',
  title: 'First',
  summary: '',
  each(setup) {
    let left = 5
    return (record, emit) => {
      emit['out']!(record)
      if (--left === 0) setup.enough()
    }
  },
})

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a run', () => {
  it('brings every record to the consumer in order and ends by itself', async () => {
    const { node, records } = collector()
    const flow = flowOf(
      { n: ['range', { to: 5000 }], sq: ['map', { value: 'record * 2' }], c: ['collect'] },
      ['n.out -> sq.in', 'sq.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, node])
    expect(await run.ended).toEqual({ phase: 'done' })
    expect(records).toEqual(Array.from({ length: 5000 }, (_, i) => (i + 1) * 2))
    expect(metersOf(run, 'sq').get('in')).toBe(5000)
    expect(metersOf(run, 'sq').get('out')).toBe(5000)
    expect(edgeMetersOf(run, 'sq.out->c.in').get('records')).toBe(5000)
    expect(run.tap('n.out->sq.in', 3)).toEqual([4998, 4999, 5000])
  })

  it('gives each branch of a fan-out the same records and joins them again at a fan-in', async () => {
    const { node, records } = collector()
    const flow = flowOf(
      {
        n: ['range', { to: 3000 }],
        a: ['map', { value: 'record' }],
        b: ['evens'],
        s: ['sum'],
        c: ['collect'],
      },
      ['n.out -> a.in', 'n.out -> b.in', 'a.out -> s.in', 'b.kept -> s.in', 's.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, evens, sum, node])
    await run.ended
    expect(records).toEqual([(3000 * 3001) / 2 + 1500 * 1501])
    expect(metersOf(run, 'b').get('dropped')).toBe(1500)
    expect(metersOf(run, 's').get('in')).toBe(4500)
  })

  it('joins wires of one stage without a queue, and ends when the last of them has', async () => {
    const { node, records } = collector()
    const flow = flowOf(
      { n: ['range', { to: 3000 }], a: ['map', { value: 'record' }], s: ['sum'], t: ['sum'], c: ['collect'] },
      // The sum ends long behind the map: its one record comes in last.
      ['n.out -> a.in', 'n.out -> s.in', 'a.out -> t.in', 's.out -> t.in', 't.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, sum, node])
    expect(run.plan.edges.filter(({ direct }) => !direct).map(({ id }) => id)).toEqual(['t.out->c.in'])
    expect(await run.ended).toEqual({ phase: 'done' })
    expect(records).toEqual([3000 * 3001])
    expect(metersOf(run, 't').get('in')).toBe(3001)
    expect(edgeMetersOf(run, 's.out->t.in').get('records')).toBe(1)
  })

  it('gives a queue to wires of different stages and to wires that ask for one', async () => {
    const nodes: Parameters<typeof flowOf>[0] = {
      n: ['range', { to: 10 }],
      o: ['range', { to: 10 }],
      a: ['map', { value: 'record' }],
      s: ['sum'],
      c: ['collect'],
    }
    const { node, records } = collector()
    const wires = ['n.out -> a.in', 'a.out -> s.in', 's.out -> c.in']
    for (const more of [['o.out -> s.in'], [{ from: 'n.out', to: 's.in', capacity: { records: 5 } }]]) {
      const run = startTestRun(flowOf(nodes, [...wires, ...more]), [range, map, sum, node])
      const into = run.plan.edges.filter(({ to }) => to.node === 's')
      expect(into.map(({ direct }) => direct)).toEqual([false, false])
      expect(await run.ended).toEqual({ phase: 'done' })
    }
    expect(records).toEqual([110, 110])
  })

  it('a node behind a fan-in that has enough stops all of its branches', async () => {
    const { node, records } = collector()
    const flow = flowOf(
      {
        n: ['range', { to: 1e12 }],
        a: ['map', { value: '-record' }],
        b: ['map', { value: 'record' }],
        m: ['map', { value: 'record' }],
        f: ['first'],
        c: ['collect'],
      },
      ['n.out -> a.in', 'n.out -> b.in', 'a.out -> m.in', 'b.out -> m.in', 'm.out -> f.in', 'f.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, first, node])
    expect(await run.ended).toEqual({ phase: 'done' })
    expect(records).toEqual([-1, -2, -3, -4, -5])
  })

  it('without meters it gives the same and counts nothing', async () => {
    const { node, records } = collector()
    const bad = collector('bad')
    const flow = flowOf(
      {
        n: ['range', { to: 5000 }],
        m: ['map', { value: 'record % 2500 === 0 ? nothing : record' }],
        s: ['sum'],
        c: ['collect'],
        b: ['bad'],
      },
      ['n.out -> m.in', 'm.out -> s.in', 's.out -> c.in', 'm.error -> b.in'],
    )
    const run = startTestRun(flow, [range, map, sum, node, bad.node], { metered: false })
    expect(await run.ended).toEqual({ phase: 'done' })
    expect(records).toEqual([(5000 * 5001) / 2 - 7500])
    expect(bad.records.map((record) => (record as { number: number }).number)).toEqual([2500, 5000])
    for (const id of ['n', 'm', 's']) expect(metersOf(run, id).get('out'), id).toBe(0)
    expect(run.tap('n.out->m.in', 10)).toEqual([])
  })

  it('a stalled consumer stops the generator at the capacity of the edge', async () => {
    const { node, batches, open } = gate()
    const flow = flowOf({ n: ['range', { to: 1_000_000 }], g: ['gate'] }, [
      { from: 'n.out', to: 'g.in', capacity: { records: 3000 } },
    ])
    const run = startTestRun(flow, [range, node])
    for (let i = 0; i < 50; i++) await turn()
    const sent = metersOf(run, 'n').get('out')
    expect(sent).toBeLessThanOrEqual(3000 + 1024)
    expect(edgeMetersOf(run, 'n.out->g.in').get('queuedRecords')).toBeLessThanOrEqual(3000)
    expect(edgeMetersOf(run, 'n.out->g.in').get('fill')).toBe(1)
    for (let i = 0; i < 50; i++) await turn()
    expect(metersOf(run, 'n').get('out')).toBe(sent)
    open()
    await run.ended
    expect(batches.reduce((n, batch) => n + batch.length, 0)).toBe(1_000_000)
  })

  it('splits batches that are larger than a tiny capacity', async () => {
    const { node, batches, open } = gate()
    const flow = flowOf({ n: ['range', { to: 100 }], g: ['gate'] }, [
      { from: 'n.out', to: 'g.in', capacity: { records: 7 } },
    ])
    const run = startTestRun(flow, [range, node])
    for (let i = 0; i < 10; i++) await turn()
    expect(edgeMetersOf(run, 'n.out->g.in').get('queuedRecords')).toBeLessThanOrEqual(7)
    open()
    await run.ended
    expect(batches.flat()).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(7)
  })

  it('a node that has enough stops its source at once, with every record accounted for', async () => {
    const { node, records } = collector()
    const flow = flowOf({ n: ['range', { to: 1e9 }], f: ['first'], c: ['collect'] }, [
      'n.out -> f.in',
      'f.out -> c.in',
    ])
    const run = startTestRun(flow, [range, first, node])
    expect(await run.ended).toEqual({ phase: 'done' })
    expect(records).toEqual([1, 2, 3, 4, 5])
    const meters = metersOf(run, 'f')
    expect(meters.get('in')).toBe(meters.get('out') + meters.get('dropped'))
  })

  it('keeps a source going for the branch that still wants records', async () => {
    const a = collector('a')
    const b = collector('b')
    const flow = flowOf({ n: ['range', { to: 5000 }], f: ['first'], x: ['a'], y: ['b'] }, [
      'n.out -> f.in',
      'f.out -> x.in',
      'n.out -> y.in',
    ])
    await startTestRun(flow, [range, first, a.node, b.node]).ended
    expect(a.records.length).toBe(5)
    expect(b.records.length).toBe(5000)
  })

  it('stops in the middle: queues are dropped and counted, folds finish with what they have', async () => {
    const { node, records } = collector()
    const flow = flowOf({ n: ['range', { to: 1e12 }], s: ['sum'], c: ['collect'] }, [
      'n.out -> s.in',
      's.out -> c.in',
    ])
    const run = startTestRun(flow, [range, sum, node])
    while (metersOf(run, 's').get('in') === 0) await turn()
    run.stop()
    expect(await run.ended).toEqual({ phase: 'stopped' })
    const seen = metersOf(run, 's').get('in')
    expect(records).toEqual([(seen * (seen + 1)) / 2])
    // Stopped (5) is what all of them are, also the fold and the consumer that ended in good order.
    for (const id of ['n', 's', 'c']) expect(metersOf(run, id).get('state'), id).toBe(5)
  })

  it('stops while a sender is blocked', async () => {
    const { node, open } = gate()
    const flow = flowOf({ n: ['range', { to: 1e9 }], g: ['gate'] }, ['n.out -> g.in'])
    const run = startTestRun(flow, [range, node])
    while (edgeMetersOf(run, 'n.out->g.in').get('fill') < 1) await turn()
    run.stop()
    open()
    expect((await run.ended).phase).toBe('stopped')
    expect(edgeMetersOf(run, 'n.out->g.in').get('dropped')).toBeGreaterThan(0)
  })

  it('sends a failing record to the error port with its reason and goes on', async () => {
    const good = collector('good')
    const bad = collector('bad')
    const flow = flowOf(
      {
        n: ['range', { to: 3 }],
        m: ['map', { value: 'record === 2 ? nothing : record' }],
        g: ['good'],
        b: ['bad'],
      },
      ['n.out -> m.in', 'm.out -> g.in', 'm.error -> b.in'],
    )
    const run = startTestRun(flow, [range, map, good.node, bad.node])
    expect((await run.ended).phase).toBe('done')
    expect(good.records).toEqual([1, 3])
    expect(bad.records).toEqual([
      { reason: 'nothing is not defined', node: 'm', record: 2, number: 2, field: 'value' },
    ])
    expect(metersOf(run, 'm').get('errors')).toBe(1)
  })

  it('a failing record without a wire for it fails the run and says where', async () => {
    const { node } = collector()
    const flow = flowOf(
      { n: ['range', { to: 9 }], m: ['map', { value: 'record === 7 ? nothing : record' }], c: ['collect'] },
      ['n.out -> m.in', 'm.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, node])
    const { phase, error } = await run.ended
    expect(phase).toBe('failed')
    expect(error).toMatchObject({
      code: 'record',
      at: { node: 'm', field: 'value', recordNumber: 7 },
      record: 7,
    })
    expect(error?.message).toContain('nothing is not defined')
    expect(error?.remedy).toContain('"m"')
  })

  it('a consumer that throws fails the run and stops everything else', async () => {
    const broken = defineConsumer({
      ...plain,
      type: 'broken',
      title: 'Broken',
      summary: '',
      async run({ input }) {
        for await (const _ of input['in']!) throw new Error('disk full')
      },
    })
    const flow = flowOf({ n: ['range', { to: 1e12 }], b: ['broken'] }, ['n.out -> b.in'])
    const { phase, error } = await startTestRun(flow, [range, broken]).ended
    expect(phase).toBe('failed')
    expect(error).toMatchObject({ code: 'node', at: { node: 'b' }, message: 'disk full' })
  })

  it('tells other nodes of a failure by throwing into their reads', async () => {
    let ending = ''
    const watcher = defineConsumer({
      ...plain,
      type: 'watcher',
      title: 'Watcher',
      summary: '',
      async run({ input }) {
        try {
          for await (const _ of input['in']!) continue
          ending = 'normal'
        } catch (error) {
          ending = (error as Error).name
          throw error
        }
      },
    })
    const flow = flowOf(
      {
        n: ['range', { to: 1e6 }],
        w: ['watcher'],
        m: ['map', { value: 'record > 5000 ? x : 1' }],
        c: ['collect'],
      },
      ['n.out -> w.in', 'n.out -> m.in', 'm.out -> c.in'],
    )
    const run = startTestRun(flow, [range, map, watcher, collector().node])
    expect((await run.ended).phase).toBe('failed')
    expect(ending).toBe('RunFailed')
  })

  it('splits time into working, waiting and blocked', async () => {
    const { node, open } = gate()
    const flow = flowOf({ n: ['range', { to: 1e6 }], m: ['map', { value: 'record' }], g: ['gate'] }, [
      'n.out -> m.in',
      'm.out -> g.in',
    ])
    const run = startTestRun(flow, [range, map, node])
    while (edgeMetersOf(run, 'm.out->g.in').get('fill') < 1) await turn()
    while (metersOf(run, 'n').get('blockedMs') === 0) await turn()
    expect(metersOf(run, 'm').get('blockedMs')).toBeGreaterThan(0)
    open()
    await run.ended
    expect(metersOf(run, 'm').get('busyMs')).toBeGreaterThan(0)
  })
})

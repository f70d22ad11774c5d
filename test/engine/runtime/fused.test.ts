/** Nodes in one loop give what they give one after the other: records, counts of every node and wire, errors, ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeId } from '../../../engine/flow/model.ts'
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { LOOKS, type Looks } from '../../../engine/runtime/looks.ts'
import type { Run } from '../../../engine/runtime/run.ts'
import { EDGE_METERS, NODE_METERS } from '../../../engine/host/protocol.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun } from '../run-flow.ts'
import { buildFlow, drawnFlow } from '../../random-flow.ts'

/** One loop from the second batch on, without looks in between. */
const FUSED: Looks = { first: { batches: 1, records: 0, ms: 0 }, everyMs: 1e9 }
/** Now a look and now none. */
const MIXED: Looks = { first: { batches: 2, records: 100, ms: 0 }, everyMs: 0.05 }
/** A loop of its own for each node. */
const SINGLE: Looks = { first: { batches: Infinity, records: 0, ms: 0 }, everyMs: 0 }

const COUNTS = NODE_METERS.filter((name) => /^(in|out|errors|dropped)$/.test(name))

function countsOf(run: Run, flow: Flow): Record<string, number[]> {
  const nodes = Object.keys(flow.nodes).map((id) => {
    const meters = metersOf(run, id)
    return [id, COUNTS.map((name) => meters.get(name))]
  })
  const edges = flow.edges.map((edge) => {
    const meters = edgeMetersOf(run, edgeId(edge))
    return [edgeId(edge), EDGE_METERS.slice(0, 1).map((name) => meters.get(name))]
  })
  return Object.fromEntries([...nodes, ...edges]) as Record<string, number[]>
}

const chain = (...steps: [string, string, Record<string, unknown>?][]): Flow => {
  const port = (type: string) => (type === 'filter' ? 'kept' : 'out')
  return flowOf(
    Object.fromEntries(steps.map(([id, type, config]) => [id, [type, config]])),
    steps.slice(1).map(([id], at) => `${steps[at]![0]}.${port(steps[at]![1])} -> ${id}.in`),
  )
}

describe('nodes in one loop', () => {
  it('count and sum what they do alone', async () => {
    const flow = chain(
      ['n', 'range', { to: 50_000 }],
      ['a', 'map', { value: '({ n: record, m: record * 2 })' }],
      ['b', 'derive', { fields: [{ field: 'm', value: 'record.m + 1' }] }],
      ['c', 'filter', { condition: 'record.m % 3 === 0' }],
      ['d', 'select', { keep: ['m'], rename: [{ from: 'm', to: 'k' }] }],
      ['s', 'group', { aggregates: [{ as: 'sum', fn: 'sum', field: 'k' }] }],
      ['t', 'table'],
    )
    const plain = startTestRun(flow, nodeTypes, { looks: SINGLE })
    await plain.ended
    for (const looks of [FUSED, MIXED]) {
      const run = startTestRun(flow, nodeTypes, { looks })
      expect(await run.ended).toEqual({ phase: 'done' })
      expect(run.rows('t')!.slice(0, 10)).toEqual(plain.rows('t')!.slice(0, 10))
      expect(countsOf(run, flow)).toEqual(countsOf(plain, flow))
    }
  })

  it('give each failed record its number and its node, however deep in the loop', async () => {
    const flow = flowOf(
      {
        n: ['range', { to: 9000 }],
        a: ['map', { value: 'record % 10 === 0 ? missing.a : record' }],
        f: ['filter', { condition: 'record % 2 === 1' }],
        b: ['map', { value: 'record === 8001 ? missing.b : ({ v: record === 7003 ? "x" : 1 })' }],
        s: ['group', { aggregates: [{ as: 'sum', fn: 'sum', field: 'v' }] }],
        t: ['table'],
        e: ['table'],
      },
      ['n.out -> a.in', 'a.out -> f.in', 'f.kept -> b.in', 'b.out -> s.in', 's.out -> t.in'].concat(
        ['a', 'f', 'b', 's'].map((id) => `${id}.error -> e.in`),
      ),
    )
    const sorted = (run: Run) =>
      run
        .rows('e')!
        .slice(0, 2000)
        .map((row) => JSON.stringify(row))
        .sort()
    const plain = startTestRun(flow, nodeTypes, { looks: SINGLE })
    await plain.ended
    for (const looks of [FUSED, MIXED]) {
      const run = startTestRun(flow, nodeTypes, { looks })
      expect(await run.ended).toEqual({ phase: 'done' })
      expect(run.rows('t')!.slice(0, 1)).toEqual([{ sum: 4498 }])
      expect(sorted(run)).toEqual(sorted(plain))
      expect(countsOf(run, flow)).toEqual(countsOf(plain, flow))
    }
    const rows = plain.rows('e')!.slice(0, 2000) as { node: string; number: number; field: string }[]
    expect(rows.filter(({ node }) => node === 'b')).toMatchObject([{ number: 4001, field: 'value' }])
    expect(rows.filter(({ node }) => node === 's')).toMatchObject([{ number: 3502 }])
  })

  it('fail the run with the node and the record where no wire is there for it', async () => {
    const flow = chain(
      ['n', 'range', { to: 1e9 }],
      ['a', 'map', { value: 'record' }],
      ['f', 'filter', { condition: 'record > 1000' }],
      ['b', 'map', { value: 'record === 30_000 ? missing : record' }],
      ['t', 'table'],
    )
    for (const looks of [SINGLE, FUSED, MIXED]) {
      const { phase, error } = await startTestRun(flow, nodeTypes, { looks }).ended
      expect(phase).toBe('failed')
      expect(error).toMatchObject({ code: 'record', at: { node: 'b', recordNumber: 29_000 }, record: 30_000 })
    }
  })

  it('fail as a node where a limit is reached, through all nodes before it', async () => {
    const flow = chain(
      ['n', 'range', { to: 1e9 }],
      ['a', 'map', { value: '({ k: record })' }],
      ['b', 'derive', { fields: [{ field: 'k', value: 'record.k + 1' }] }],
      ['g', 'group', { by: ['k'], maxGroups: 5000 }],
      ['t', 'table'],
    )
    const { phase, error } = await startTestRun(flow, nodeTypes, { looks: FUSED }).ended
    expect(phase).toBe('failed')
    expect(error).toMatchObject({ code: 'node', at: { node: 'g', field: 'maxGroups' } })
  })

  it('end at once when a node behind the loop has enough, with everything counted', async () => {
    const flow = chain(
      ['n', 'range', { to: 1e12 }],
      ['a', 'map', { value: 'record + 1' }],
      ['b', 'filter', { condition: 'record % 2 === 0' }],
      ['k', 'take', { n: 20_000 }],
      ['t', 'table'],
    )
    for (const looks of [FUSED, MIXED]) {
      const run = startTestRun(flow, nodeTypes, { looks })
      expect(await run.ended).toEqual({ phase: 'done' })
      expect(run.rows('t')!.total).toBe(20_000)
      const b = metersOf(run, 'b')
      expect(b.get('in')).toBe(b.get('out') + b.get('dropped'))
      expect(metersOf(run, 'a').get('in')).toBeLessThan(50_000)
      expect(edgeMetersOf(run, 'a.out->b.in').get('records')).toBe(b.get('in'))
    }
  })

  it('end a sort at once when the top of it is known', async () => {
    const records = Array.from({ length: 5000 }, (_, i) => ({ id: i, v: (i * 7919) % 1000 }))
    for (const [order, by, early] of [
      ['desc', 'v', true],
      ['asc', 'v', false],
      ['desc', 'id', false],
    ] as const) {
      const flow = chain(
        ['l', 'list', { records }],
        [
          's',
          'sort',
          {
            by: [
              { field: 'v', order: 'desc' },
              { field: 'id', order: 'desc' },
            ],
          },
        ],
        ['k', 'top', { by, n: 20, order }],
        ['t', 'table'],
      )
      const run = startTestRun(flow, nodeTypes)
      expect(await run.ended).toEqual({ phase: 'done' })
      const sign = order === 'asc' ? 1 : -1
      // The sort before gives equal values in falling order of their ids.
      const best = [...records].sort((a, b) => sign * (a[by] - b[by]) || b.id - a.id).slice(0, 20)
      expect(run.rows('t')!.slice(0, 30)).toEqual(best)
      expect(metersOf(run, 'k').get('in')).toBe(early ? 1024 : 5000)
      const sort = metersOf(run, 's')
      expect(sort.get('in')).toBe(sort.get('out') + sort.get('dropped'))
    }
  })

  it('keep what code of users must not see out of its sight', async () => {
    const flow = chain(
      ['n', 'range', { to: 5000 }],
      ['a', 'map', { value: '(record = record + 1, record) // a comment' }],
      ['b', 'map', { value: 'typeof weir_input + typeof weir_f_n1 + this' }],
      ['c', 'map', { value: '"weir_emit0" + record' }],
      ['t', 'table'],
    )
    const run = startTestRun(flow, nodeTypes, { looks: FUSED })
    expect(await run.ended).toEqual({ phase: 'done' })
    const rows = run.rows('t')!.slice(0, 5000)
    expect(new Set(rows)).toEqual(new Set(['weir_emit0undefinedundefinedundefined']))
  })

  it('show every record of a wire that few of them take', async () => {
    const flow = flowOf(
      {
        n: ['range', { to: 100_000 }],
        a: ['map', { value: 'record' }],
        f: ['filter', { condition: 'record % 20_000 !== 0' }],
        x: ['map', { value: '-record' }],
        y: ['discard'],
        z: ['discard'],
      },
      ['n.out -> a.in', 'a.out -> f.in', 'f.kept -> y.in', 'f.rejected -> x.in', 'x.out -> z.in'],
    )
    const run = startTestRun(flow, nodeTypes, { looks: FUSED })
    await run.ended
    expect(run.tap('f.rejected->x.in', 10)).toEqual([20_000, 40_000, 60_000, 80_000, 100_000])
  })

  it('do the same in random flows, with joins, queues and limits', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlow, async (shape) => {
        // What a node that has enough leaves behind depends on whose turn it was.
        const { flow } = buildFlow(
          { ...shape, records: shape.records },
          { allowed: ({ type }) => type !== 'take' },
        )
        const plain = startTestRun(flow, nodeTypes, { looks: SINGLE })
        expect(await plain.ended).toEqual({ phase: 'done' })
        for (const looks of [FUSED, MIXED]) {
          const run = startTestRun(flow, nodeTypes, { looks })
          expect(await run.ended).toEqual({ phase: 'done' })
          expect(countsOf(run, flow)).toEqual(countsOf(plain, flow))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('are looked at in short runs as if they had no loop together', async () => {
    const flow = chain(
      ['n', 'range', { to: 5000 }],
      ['a', 'map', { value: 'record' }],
      ['b', 'map', { value: '-record' }],
      ['t', 'table'],
    )
    const run = startTestRun(flow, nodeTypes, { looks: LOOKS })
    await run.ended
    expect(run.tap('a.out->b.in', 2)).toEqual([4999, 5000])
  })
})

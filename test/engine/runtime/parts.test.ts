/** Stages shared by several workers give what one worker gives: records, order, counts, errors; and they stop. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { EDGE_METERS, NODE_METERS } from '../../../engine/host/protocol.ts'
import { flowOf } from '../run-flow.ts'
import { startSharedRun, type SharedRun } from './shared-run.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-parts-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Nodes = Record<string, [string, Record<string, unknown>?]>

/** What a random node may be; each takes numbers, and the second output of a filter is used too. */
const EACH: { type: string; config: Record<string, unknown>; ports: string[] }[] = [
  { type: 'map', config: { value: 'record + 1' }, ports: ['out'] },
  { type: 'map', config: { value: 'record % 97 === 5 ? missing : record * 2' }, ports: ['out'] },
  { type: 'filter', config: { condition: 'record % 3 !== 0' }, ports: ['kept', 'rejected'] },
  { type: 'filter', config: { condition: 'record % 41 === 7 ? record.a.b : true' }, ports: ['kept'] },
  { type: 'flat-map', config: { value: '[record, record + 0.5]' }, ports: ['out'] },
  { type: 'merge', config: {}, ports: ['out'] },
]
/** What a random output ends in. Of numbers, or of what a map makes of them. */
const FOLDS: { map?: string; type: string; config: Record<string, unknown> }[] = [
  {
    type: 'group',
    config: {
      by: [],
      aggregates: [
        { as: 'n', fn: 'count' },
        { as: 'sum', fn: 'sum' },
        { as: 'most', fn: 'max' },
      ],
    },
  },
  {
    map: '({ k: (record * 7919) % 101, v: record / 3 })',
    type: 'group',
    config: {
      by: ['k'],
      aggregates: [
        { as: 'n', fn: 'count' },
        { as: 'mean', fn: 'avg', field: 'v' },
        { as: 'many', fn: 'distinct', field: 'v' },
        { as: 'least', fn: 'min', field: 'v' },
      ],
    },
  },
  { type: 'top', config: { n: 5, order: 'desc' } },
  // Many are equal: the first ones win.
  { map: '({ k: record % 3, v: record })', type: 'top', config: { n: 4, by: 'k', order: 'asc' } },
]

interface Drawn {
  source: number
  records: number
  workers: number
  errors: boolean
  nodes: { kind: number; from: number[] }[]
  folds: number[]
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  source: fc.nat({ max: 2 }),
  records: fc.integer({ min: 0, max: 7000 }),
  workers: fc.integer({ min: 2, max: 5 }),
  errors: fc.boolean(),
  nodes: fc.array(
    fc.record({
      kind: fc.nat({ max: EACH.length - 1 }),
      from: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 7 },
  ),
  folds: fc.array(fc.nat({ max: FOLDS.length - 1 }), { minLength: 1, maxLength: 4 }),
})

function sourceOf(source: number, records: number): [Nodes, string] {
  if (source === 0) return [{ r: ['range', { from: 0, to: records - 1 }] }, 'r.out']
  const path = join(folder, `${source}-${records}.${source === 1 ? 'txt' : 'ndjson'}`)
  // Some lines are no JSON numbers, some are blank.
  const line = (at: number) => (at % 53 === 11 ? '{"broken' : at % 29 === 3 ? '' : String(at))
  writeFileSync(path, Array.from({ length: records }, (_, at) => `${line(at)}\n`).join(''))
  if (source === 2) return [{ r: ['file', { path }] }, 'r.out']
  return [{ r: ['file', { path }], p: ['map', { value: 'JSON.parse(record)' }] }, 'p.out']
}

/** Every output that nobody else reads ends in a fold, every fold in a table; errors in tables of their own. */
function build({ source, records, errors, nodes, folds }: Drawn): Flow {
  const [all, first] = sourceOf(source, records)
  const wires = new Set<string>(first === 'p.out' ? ['r.out -> p.in'] : [])
  const outputs = [first]
  const used = new Set<string>()
  const take = (from: string, to: string) => {
    wires.add(`${from} -> ${to}`)
    used.add(from)
  }
  nodes.forEach(({ kind, from }, index) => {
    const { type, config, ports } = EACH[kind]!
    const id = `n${index}`
    all[id] = [type, config]
    for (const one of from) take(outputs[one % outputs.length]!, `${id}.in`)
    for (const port of ports) outputs.push(`${id}.${port}`)
  })
  outputs.forEach((output, index) => {
    if (used.has(output)) return
    const { map, type, config } = FOLDS[folds[index % folds.length]!]!
    all[`f${index}`] = [type, config]
    all[`t${index}`] = ['table']
    if (map === undefined) take(output, `f${index}.in`)
    else {
      all[`m${index}`] = ['map', { value: map }]
      take(output, `m${index}.in`)
      take(`m${index}.out`, `f${index}.in`)
    }
    take(`f${index}.out`, `t${index}.in`)
  })
  if (errors) {
    for (const [id, [type]] of Object.entries(all)) {
      if (!['map', 'filter', 'flat-map', 'file', 'group', 'top'].includes(type)) continue
      all[`e-${id}`] = ['table']
      take(`${id}.error`, `e-${id}.in`)
    }
  }
  return flowOf(all, [...wires])
}

/** Where wires meet, the order among them is nobody's promise: what depends on it is left out. */
function meets(flow: Flow): boolean {
  return new Set(flow.edges.map(({ to }) => to)).size < flow.edges.length
}

/** All rows of all tables, and every count of nodes and edges; times and queues, which differ, left out. */
function resultOf(flow: Flow, { run, meters }: Pick<SharedRun, 'run' | 'meters'>) {
  const { nodes, edges } = meters.read()
  const counted = ['in', 'out', 'errors', 'dropped', 'bytes', 'progressDone', 'progressTotal', 'state']
  const ordered = !meets(flow)
  return {
    rows: Object.fromEntries(
      run.plan.nodes.flatMap(({ id }) => {
        const store = run.rows(id)
        if (!store) return []
        const rows = store.slice(0, store.stored)
        return [[id, ordered ? rows : rows.map(withoutNumber).sort()]]
      }),
    ),
    nodes: run.plan.nodes.map(({ id }, index) => [
      id,
      ...counted.map((name) => nodes[index * NODE_METERS.length + NODE_METERS.indexOf(name as 'in')]),
    ]),
    edges: run.plan.edges.map(({ id }, index) => [
      id,
      edges[index * EDGE_METERS.length],
      edges[index * EDGE_METERS.length + EDGE_METERS.indexOf('dropped')],
      edges[index * EDGE_METERS.length + EDGE_METERS.indexOf('queuedRecords')],
    ]),
  }
}

function withoutNumber(row: unknown): string {
  const { number: _, v: __, ...rest } = row as Record<string, unknown>
  return JSON.stringify(rest)
}

describe('a stage shared by several workers', () => {
  it('gives the records, order and counts of one worker', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const flow = build({ ...shape, errors: true })
        const one = startSharedRun(flow, folder, 1)
        expect(await one.ended).toEqual({ phase: 'done' })
        const several = startSharedRun(flow, folder, shape.workers)
        shared += several.work.shared.length
        expect(await several.ended).toEqual({ phase: 'done' })
        expect(resultOf(flow, several)).toEqual(resultOf(flow, one))
      }),
      { numRuns: 60 },
    )
    expect(shared).toBeGreaterThan(20)
  })

  it('fails with the first record that fails in the whole input, and its number there', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        // One way, and one node that fails: of two in a row one worker meets that one first which fails first in a batch.
        const kinds = shape.nodes.map(({ kind }) => kind).filter((kind) => EACH[kind]!.ports.length === 1)
        const fails = (kind: number) => kind === 1 || kind === 3
        const first = kinds.findIndex(fails)
        const chain = kinds.filter((kind, index) => !fails(kind) || (shape.source === 0 && index === first))
        const nodes = chain.map((kind, index) => ({ kind, from: [index] }))
        const flow = build({ ...shape, errors: false, nodes })
        const one = startSharedRun(flow, folder, 1)
        const expected = await one.ended
        const several = startSharedRun(flow, folder, shape.workers)
        expect(await several.ended).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('settles when it is stopped at any moment, with what it has', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat({ max: 20 }), async (shape, turns) => {
        const flow = build({ ...shape, source: 0, records: 1e8, errors: true })
        const shared = startSharedRun(flow, folder, shape.workers)
        const { run, ended } = shared
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
        run.stop()
        const { phase } = await ended
        expect(['stopped', 'done']).toContain(phase)
        for (const [id, , , queued] of resultOf(flow, shared).edges) expect(queued, String(id)).toBe(0)
      }),
      { numRuns: 15 },
    )
  })

  it('ends all parts when another node fails', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 1e9 }],
        g: ['group', { by: [] }],
        t: ['table'],
        bad: ['file', { path: 'missing.txt' }],
        t2: ['table'],
      },
      ['r.out -> g.in', 'g.out -> t.in', 'bad.out -> t2.in'],
    )
    const { work, ended } = startSharedRun(flow, folder, 2)
    expect(work.shared).toHaveLength(1)
    expect(await ended).toMatchObject({ phase: 'failed', error: { at: { node: 'bad' } } })
  })

  it('says where and what when a part fails as a whole', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 20_000 }],
        m: ['map', { value: '({ k: record })' }],
        g: ['group', { by: ['k'], maxGroups: 50 }],
        t: ['table'],
      },
      ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in'],
    )
    const one = await startSharedRun(flow, folder, 1).ended
    expect(await startSharedRun(flow, folder, 3).ended).toEqual(one)
    expect(one).toMatchObject({ phase: 'failed', error: { at: { node: 'g', field: 'maxGroups' } } })
  })

  it('holds groups of all parts to the limit together', async () => {
    const flow = flowOf(
      {
        r: ['range', { from: 0, to: 99 }],
        m: ['map', { value: '({ k: record })' }],
        g: ['group', { by: ['k'], maxGroups: 60 }],
        t: ['table'],
      },
      ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in'],
    )
    // Neither part has more than 50.
    expect(await startSharedRun(flow, folder, 2).ended).toMatchObject({
      phase: 'failed',
      error: { at: { node: 'g' } },
    })
  })

  it('tells what cannot travel from thread to thread, and what to do', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 100 }],
        m: ['map', { value: '({ f: () => record, v: record })' }],
        top: ['top', { n: 3, by: 'v' }],
        t: ['table'],
      },
      ['r.out -> m.in', 'm.out -> top.in', 'top.out -> t.in'],
    )
    expect(await startSharedRun(flow, folder, 2).ended).toMatchObject({
      phase: 'failed',
      error: { code: 'node', at: { node: 'top' }, remedy: expect.stringContaining('one worker') },
    })
  })

  it('waits where nobody takes its errors, and loses none', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 40_000 }],
        // A few in each batch, and more batches than may be on their way.
        m: ['map', { value: 'record % 100 === 0 ? missing : record' }],
        g: ['group', { by: [] }],
        t: ['table'],
        e: ['table'],
      },
      [
        'r.out -> m.in',
        'm.out -> g.in',
        'g.out -> t.in',
        { from: 'm.error', to: 'e.in', capacity: { records: 3 } },
      ],
    )
    const { run, ended } = startSharedRun(flow, folder, 2)
    expect(await ended).toEqual({ phase: 'done' })
    const errors = run.rows('e')!
    expect(errors.total).toBe(400)
    const numbers = errors.slice(0, errors.stored).map((error) => (error as { number: number }).number)
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, at) => (at + 1) * 100))
  })

  it('tells of failed records that cannot leave their thread, and of those beside them as they are', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 3000 }],
        m: ['map', { value: '({ id: record, big: 1n, odd: record % 100 === 7 ? () => 1 : NaN })' }],
        f: ['filter', { condition: 'record.id % 10 === 7 ? record.nothing.at : true' }],
        g: ['group', { by: [] }],
        t: ['table'],
        e: ['table'],
      },
      ['r.out -> m.in', 'm.out -> f.in', 'f.kept -> g.in', 'g.out -> t.in', 'f.error -> e.in'],
    )
    const { run, ended } = startSharedRun(flow, folder, { workers: 2, tier: 'row' })
    expect(await ended).toEqual({ phase: 'done' })
    const records = run.rows('e')!.slice(0, 300) as { record: unknown; number: number }[]
    expect(records.map(({ number }) => number)).toEqual(Array.from({ length: 300 }, (_, at) => at * 10 + 7))
    // Of the share of the other thread.
    expect(records.slice(-10).map(({ record }) => record)).toEqual(
      Array.from({ length: 10 }, (_, at) =>
        at === 0 ? { id: 2907, big: '1n', odd: '() => 1' } : { id: 2907 + at * 10, big: 1n, odd: NaN },
      ),
    )
  })

  it('stops asking for errors that nobody wants, and works on', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 40_000 }],
        m: ['map', { value: 'record % 100 === 0 ? missing : record' }],
        g: ['group', { by: [] }],
        t: ['table'],
        few: ['take', { n: 3 }],
        e: ['table'],
      },
      ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in', 'm.error -> few.in', 'few.out -> e.in'],
    )
    const { run, ended } = startSharedRun(flow, folder, 2)
    expect(await ended).toEqual({ phase: 'done' })
    expect(run.rows('e')!.total).toBe(3)
    expect(run.rows('t')!.slice(0, 1)).toEqual([{ count: 39_600 }])
  })
})

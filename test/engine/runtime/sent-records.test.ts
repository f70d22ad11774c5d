/** Records that leave a shared stage one by one: the rows, order, counts and errors of one worker. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { refuseToSend } from '../../../engine/runtime/may-travel.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { flowOf, testIo } from '../run-flow.ts'
import { registry, startSharedRun, told } from './shared-run.ts'

const COUNTED = ['in', 'out', 'errors', 'dropped', 'progressDone'] as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sent-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a branch may end in; each takes records with `id` and `k`. */
const ENDS: [string, Record<string, unknown>][] = [
  ['table', {}],
  ['dedupe', { by: ['k'] }],
  ['sort', { by: [{ field: 'k', order: 'desc' }] }],
  ['script', { code: 'let n = 0; return (record, emit) => emit.out({ n: n++, id: record.id })' }],
  ['write-file', { path: 'written.ndjson' }],
]

interface Drawn {
  records: number
  broken: number
  missing: number
  ends: number[]
  workers: number
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  records: fc.integer({ min: 0, max: 4000 }),
  broken: fc.constantFrom(0, 0, 53, 997),
  missing: fc.constantFrom(0, 0, 47, 991),
  ends: fc.uniqueArray(fc.nat({ max: ENDS.length - 1 }), { minLength: 1, maxLength: 3 }),
  workers: fc.integer({ min: 2, max: 4 }),
})

function flowFor({ records, broken, missing, ends }: Drawn, errors: boolean): Flow {
  const line = (at: number) =>
    broken > 0 && at % broken === broken - 1 ? '{"id":' : JSON.stringify({ id: at, k: (at * 7) % 101 })
  const text = Array.from({ length: records }, (_, at) => `${line(at)}\n`).join('')
  writeFileSync(join(folder, 'in.ndjson'), text)
  const condition =
    missing > 0 ? `record.id % ${missing} === ${missing - 1} ? none : record.id % 5 > 0` : 'true'
  const nodes: Record<string, [string, Record<string, unknown>?]> = {
    in: ['file', { path: 'in.ndjson' }],
    keep: ['filter', { condition }],
  }
  const wires = ['in.out -> keep.in']
  for (const end of ends) {
    const [type, config] = ENDS[end]!
    nodes[`end-${end}`] = [type, config]
    wires.push(`keep.kept -> end-${end}.in`)
    if (type === 'table' || type === 'write-file') continue
    nodes[`rows-${end}`] = ['table', {}]
    wires.push(`end-${end}.out -> rows-${end}.in`)
  }
  for (const node of errors ? ['in', 'keep'] : []) {
    nodes[`e-${node}`] = ['table', {}]
    wires.push(`${node}.error -> e-${node}.in`)
  }
  return flowOf(nodes, wires)
}

describe('records that leave a shared stage one by one', () => {
  it('are those of one worker, in their order', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const written = () =>
          shape.ends.includes(4) ? readFileSync(join(folder, 'written.ndjson'), 'utf8') : ''
        const flow = flowFor(shape, true)
        const one = startSharedRun(flow, folder, { workers: 1, tier: 'row' })
        expect(await one.ended).toEqual({ phase: 'done' })
        const wanted = { ...told(flow, one, COUNTED), text: written() }
        const several = startSharedRun(flow, folder, { workers: shape.workers, tier: 'row' })
        if (several.work.shared[0]?.leaves.length) shared++
        expect(await several.ended).toEqual({ phase: 'done' })
        expect({ ...told(flow, several, COUNTED), text: written() }).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
    expect(shared).toBeGreaterThan(20)
  }, 120_000)

  it('end with the first failure of the whole input', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.boolean(), async (shape, broken) => {
        const flow = flowFor({ ...shape, [broken ? 'missing' : 'broken']: 0 }, false)
        const expected = await startSharedRun(flow, folder, { workers: 1, tier: 'row' }).ended
        const several = startSharedRun(flow, folder, { workers: shape.workers, tier: 'row' })
        expect(await several.ended).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('are the first ones where the run is stopped', async () => {
    const shape: Drawn = { records: 4000, broken: 0, missing: 0, ends: [0], workers: 3 }
    for (let turns = 0; turns < 50; turns += 2) {
      const { run, shares, ended } = startSharedRun(flowFor(shape, true), folder, { workers: 3, tier: 'row' })
      for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
      if (turns % 4 === 0) shares[turns % 3]?.stop()
      run.stop()
      expect(['stopped', 'done']).toContain((await ended).phase)
      const rows = run.rows('end-0')!.slice(0, 4000) as { id: number }[]
      rows.forEach(({ id }, at) => expect(id).toBe(at))
    }
  }, 120_000)

  it('end early where a node has enough', async () => {
    const flow = flowOf(
      {
        in: ['file', { path: 'in.ndjson' }],
        all: ['filter', { condition: 'true' }],
        few: ['take', { n: 7, skip: 2 }],
        t: ['table'],
      },
      ['in.out -> all.in', 'all.kept -> few.in', 'few.out -> t.in'],
    )
    flowFor({ records: 4000, broken: 0, missing: 0, ends: [], workers: 2 }, false)
    const { run, work, ended } = startSharedRun(flow, folder, { workers: 3, tier: 'row' })
    expect(work.shared[0]!.leaves).toHaveLength(1)
    expect(await ended).toEqual({ phase: 'done' })
    expect(run.rows('t')!.slice(0, 10)).toEqual(
      Array.from({ length: 7 }, (_, at) => ({ id: at + 2, k: ((at + 2) * 7) % 101 })),
    )
  })

  it('stay with one worker where they may lose something on the way, and the plan says so', () => {
    const made = (value: string, filtered = true) => {
      const flow = flowOf(
        {
          in: ['file', { path: 'in.ndjson' }],
          all: ['filter', { condition: 'true' }],
          m: ['map', { value }],
          t: ['table'],
        },
        ['in.out -> all.in', filtered ? 'all.kept -> m.in' : 'in.out -> m.in', 'm.out -> t.in'],
      )
      const io = testIo(folder)
      const least = { rowBytes: 0, kernelBytes: 0, records: 0 }
      return planWork(flow, registry, { workers: 2, tier: 'row', io, least, turnBytes: 2000 }).plan.stages[0]!
    }
    expect(made('new URL(record.url)')).toMatchObject({
      workers: 1,
      why: expect.stringContaining('“m” makes'),
    })
    expect(made('record', false).workers).toBe(2)
    expect(made('new Date(record.at)').workers).toBe(2)
    const lines = flowOf({ in: ['file', { path: 'in.ndjson', format: 'lines' }], t: ['table'] }, [
      'in.out -> t.in',
    ])
    const least = { rowBytes: 0, kernelBytes: 0, records: 0 }
    const { plan } = planWork(lines, registry, {
      workers: 2,
      tier: 'row',
      io: testIo(folder),
      least,
      turnBytes: 2000,
    })
    expect(plan.stages[0]).toMatchObject({ workers: 1, why: expect.stringContaining('as fast as') })
  })
})

describe('a record on its way to another thread', () => {
  it('is refused where it would arrive as something else', () => {
    class Place {
      name = 'here'
    }
    const fine = [
      1,
      'a',
      null,
      undefined,
      1n,
      { a: [{ b: new Date() }] },
      new Map([[1, new Set([2])]]),
      /x/,
      new Uint8Array(2),
    ]
    expect(() => refuseToSend('n', fine)).not.toThrow()
    const round: Record<string, unknown> = {}
    round['self'] = round
    expect(() => refuseToSend('n', [round])).not.toThrow()
    for (const odd of [
      () => 1,
      Symbol('a'),
      new Place(),
      { a: { b: [new Place()] } },
      new Map([[{}, () => 1]]),
      { a: Buffer.from('a') },
    ])
      expect(() => refuseToSend('n', [odd])).toThrow(/cannot be sent from thread to thread/)
  })
})

/** A `join` that several workers do, each over its share of the left side: the records, order, counts and errors of one. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { flowOf, testIo } from '../run-flow.ts'
import { runFolders } from '../run-folders.ts'
import { registry, startSharedRun, told } from './shared-run.ts'

const COUNTED = ['in', 'out', 'errors', 'dropped', 'progressDone'] as const
const KINDS = ['inner', 'left', 'semi', 'anti'] as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-spread-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Side {
  records: number
  /** How many different keys, about. */
  keys: number
  /** Every so many lines there is one without fields; 0: none. */
  bare: number
}
const side = (most: number): fc.Arbitrary<Side> =>
  fc.record({
    records: fc.integer({ min: 0, max: most }),
    keys: fc.constantFrom(7, 300, 100_000),
    bare: fc.constantFrom(0, 0, 61),
  })

function write(name: string, { records, keys, bare }: Side): void {
  const line = (at: number) => {
    if (bare > 0 && at % bare === bare - 1) return String(at)
    const k = (at * 7919) % keys
    return JSON.stringify({ ...(k % 11 > 0 && { k: k % 3 ? `key ${k}` : k }), n: at, [name]: `of ${at}` })
  }
  writeFileSync(
    join(folder, `${name}.ndjson`),
    Array.from({ length: records }, (_, at) => `${line(at)}\n`).join(''),
  )
}

const ENDS = {
  bytes: { nodes: { end: ['write-file', { path: 'out.ndjson' }] }, wires: ['keep.kept -> end.in'] },
  table: { nodes: { end: ['write-file', { path: 'out.csv' }] }, wires: ['keep.kept -> end.in'] },
  groups: {
    nodes: {
      sum: ['group', { by: ['k'], aggregates: [{ as: 'records' }, { as: 'sum', fn: 'sum', field: 'n' }] }],
      end: ['table', {}],
    },
    wires: ['keep.kept -> sum.in', 'sum.out -> end.in'],
  },
} as const

interface Shape {
  kind: (typeof KINDS)[number]
  end: keyof typeof ENDS
  /** Where failed records go: none of them is wired in half of the cases. */
  errors: boolean
  twice: boolean
}

/** Two files, joined (twice, with a second right side), filtered, and written or added up. */
function flowFor({ kind, end, errors, twice }: Shape): Flow {
  const nodes: Record<string, readonly [string, object?]> = {
    l: ['file', { path: 'left.ndjson' }],
    r: ['file', { path: 'right.ndjson' }],
    m: ['map', { value: '{ ...record, made: record.n % 7 }' }],
    j: ['join', { kind, keys: [{ left: 'k' }] }],
    keep: ['filter', { condition: 'record.made !== 3' }],
    ...ENDS[end].nodes,
  }
  const wires = ['l.out -> m.in', 'm.out -> j.left', 'r.out -> j.right', ...ENDS[end].wires]
  if (twice) {
    nodes['other'] = [
      'list',
      { records: Array.from({ length: 7 }, (_, made) => ({ made, name: `seventh ${made}` })) },
    ]
    nodes['also'] = ['join', { kind: 'left', keys: [{ left: 'made' }] }]
    wires.push('j.out -> also.left', 'other.out -> also.right', 'also.out -> keep.in')
  } else wires.push('j.out -> keep.in')
  for (const from of errors ? ['m', 'j'] : []) {
    nodes[`e-${from}`] = ['table']
    wires.push(`${from}.error -> e-${from}.in`)
  }
  return flowOf(nodes as Parameters<typeof flowOf>[0], wires)
}

function written(): string {
  const paths = ['out.ndjson', 'out.csv'].map((name) => join(folder, name)).filter((path) => existsSync(path))
  const texts = paths.map((path) => readFileSync(path, 'utf8'))
  for (const path of paths) rmSync(path)
  return texts.join()
}

describe('a join over shares', () => {
  it('makes what one worker makes, in memory and on disk', async () => {
    let spread = 0
    let satOut = 0
    const drawn = fc.record({
      left: side(4000),
      right: side(3000),
      memoryMb: fc.constantFrom(256, 16),
      shape: fc.record({
        kind: fc.constantFrom(...KINDS),
        end: fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[])),
        errors: fc.boolean(),
        twice: fc.boolean(),
      }),
    })
    await fc.assert(
      fc.asyncProperty(drawn, async ({ left, right, memoryMb, shape }) => {
        // A few keys on both sides make products.
        const few = Math.min(left.keys, right.keys) < 10
        write('left', { ...left, records: few ? left.records >> 3 : left.records })
        write('right', { ...right, records: few ? right.records >> 4 : right.records })
        const flow = flowFor(shape)
        const one = startSharedRun(flow, folder, { workers: 1, tier: 'row', memoryMb })
        const outcome = await one.ended
        const wanted = { ...told(flow, one, COUNTED), text: written() }
        for (const workers of [2, 3]) {
          const several = startSharedRun(flow, folder, { workers, tier: 'row', memoryMb })
          spread += several.work.shared.filter(({ copies }) => copies.length > 0).length
          expect(await several.ended).toEqual(outcome)
          if (several.meters.pages[2]?.node(0).get('out') === 0 && left.records > 100) satOut++
          const got = { ...told(flow, several, COUNTED), text: written() }
          // What had passed before a failure is up to the moment.
          if (outcome.phase === 'done') expect(got).toEqual(wanted)
        }
      }),
      { seed: 11, numRuns: 60, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true, timeout: 5000 },
    )
    expect(spread).toBeGreaterThan(80)
    // The right side did not fit into the memory of each.
    expect(satOut).toBeGreaterThan(5)
  }, 240_000)

  it('stops at any moment, and leaves nothing', async () => {
    write('left', { records: 3000, keys: 300, bare: 0 })
    write('right', { records: 3000, keys: 100_000, bare: 0 })
    const flow = flowFor({ kind: 'inner', end: 'bytes', errors: true, twice: true })
    written()
    await startSharedRun(flow, folder, { workers: 1, tier: 'row' }).ended
    const whole = written()
    for (let turns = 0; turns < 80; turns += 3) {
      const { run, shares, ended } = startSharedRun(flow, folder, { workers: 3, tier: 'row', memoryMb: 16 })
      for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
      if (turns % 2 === 0) shares[turns % 3]?.stop()
      run.stop()
      expect(['stopped', 'done']).toContain((await ended).phase)
      expect(runFolders()).toEqual([])
      expect(whole.startsWith(written())).toBe(true)
    }
  }, 120_000)

  /** A right side that takes four seconds. */
  const slow = (value: string): Parameters<typeof flowOf> => [
    {
      l: ['file', { path: 'left.ndjson' }],
      r: ['range', { to: 20, pauseMs: 200 }],
      m: ['map', { value }],
      j: ['join', { keys: [{ left: 'k' }] }],
      end: ['write-file', { path: 'out.ndjson' }],
    },
    ['l.out -> j.left', 'r.out -> m.in', 'm.out -> j.right', 'j.out -> end.in'],
  ]

  it('tells of a right record without a key at once, whatever is still to come', async () => {
    write('left', { records: 300, keys: 7, bare: 0 })
    const { ended, work } = startSharedRun(flowOf(...slow('record')), folder, { workers: 3, tier: 'row' })
    expect(work.shared[0]?.copies).toEqual(['m.out->j.right'])
    expect(await ended).toMatchObject({ phase: 'failed', error: { at: { node: 'j', recordNumber: 1 } } })
  }, 3000)

  it('ends when another part of the run fails while the right side is silent', async () => {
    write('left', { records: 300, keys: 7, bare: 0 })
    const [nodes, wires] = slow('({ k: record })')
    const flow = flowOf(
      {
        ...nodes,
        n: ['range', { to: 9, pauseMs: 30 }],
        f: ['map', { value: 'record < 5 ? record : none' }],
        t: ['table'],
      },
      [...wires, 'n.out -> f.in', 'f.out -> t.in'],
    )
    const { ended } = startSharedRun(flow, folder, { workers: 3, tier: 'row' })
    expect(await ended).toMatchObject({ phase: 'failed', error: { at: { node: 'f', recordNumber: 5 } } })
  }, 3000)

  it('is planned only where each worker can have all of the right side before', () => {
    write('left', { records: 100, keys: 7, bare: 0 })
    write('right', { records: 100, keys: 7, bare: 0 })
    const copies = (nodes: Parameters<typeof flowOf>[0], wires: string[]) => {
      const least = { rowBytes: 0, kernelBytes: 0, records: 0, cededBytes: 64, cededRecords: 16 }
      const options = { workers: 2, turnBytes: 500, io: testIo(folder), least }
      return planWork(flowOf(nodes, wires), registry, options).shared.flatMap((stage) => stage.copies)
    }
    const nodes = (kind: string, value = 'record'): Parameters<typeof flowOf>[0] => ({
      l: ['file', { path: 'left.ndjson' }],
      r: ['file', { path: 'right.ndjson' }],
      m: ['map', { value }],
      j: ['join', { kind, keys: [{ left: 'k' }] }],
      end: ['write-file', { path: 'out.ndjson' }],
    })
    const wires = ['l.out -> j.left', 'r.out -> m.in', 'm.out -> j.right', 'j.out -> end.in']
    expect(copies(nodes('inner'), wires)).toEqual(['m.out->j.right'])
    expect(copies(nodes('full'), wires)).toEqual([])
    // Both sides from one source; objects that would lose their class on the way.
    expect(
      copies(nodes('inner'), ['l.out -> j.left', 'l.out -> m.in', 'm.out -> j.right', 'j.out -> end.in']),
    ).toEqual([])
    expect(copies(nodes('inner', '({ k: new Thing(record.k) })'), wires)).toEqual([])
  })
})

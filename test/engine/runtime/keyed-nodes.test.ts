/** `dedupe` and `join` behind sources that several workers read: the records, order, counts and errors of one worker. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { JOIN_KINDS } from '../../../engine/spill/joiner.ts'
import { flowOf } from '../run-flow.ts'
import { runFolders } from '../run-folders.ts'
import { startSharedRun, told, type Limits } from './shared-run.ts'

const COUNTED = ['in', 'out', 'errors', 'dropped', 'progressDone'] as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-keyed-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Side {
  records: number
  /** How many different keys, about. */
  keys: number
  seed: number
  /** Every so many lines there is one without fields. */
  bare: number
}
const side: fc.Arbitrary<Side> = fc.record({
  records: fc.integer({ min: 0, max: 5000 }),
  keys: fc.constantFrom(1, 7, 300, 100_000),
  seed: fc.nat({ max: 1000 }),
  bare: fc.constantFrom(0, 0, 61, 499),
})

/** Values that are easily taken for one another; `odd` makes NaN and -0 of two of them, which JSON cannot say. */
const ODD = [
  'null',
  '"NaN"',
  '"-0"',
  '0',
  '"0"',
  '"ä"',
  '"a\\u0308"',
  '"𝄞"',
  '"\\ud800"',
  '[1]',
  '{"a":[]}',
  'true',
]
const MAKE = `{ ...record, k: record.k === 'NaN' ? NaN : record.k === '-0' ? -0 : record.k }`

function write(name: string, { records, keys, seed, bare }: Side): void {
  let state = seed + 1
  const lines = Array.from({ length: records }, (_, at) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const pick = (state >>> 8) % keys
    if (bare > 0 && at % bare === bare - 1) return String(at)
    if (pick % 5 === 4) return `{"n":${at}}`
    const k = pick % 3 === 0 ? ODD[pick % ODD.length] : `"key ${pick}"`
    return `{"k":${k},"n":${at},"side":"${name}"}`
  })
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''))
}

/** A table for each output. */
function tables(node: string, ports: readonly string[]): [Record<string, [string]>, string[]] {
  return [
    Object.fromEntries(ports.map((port) => [`t-${port}`, ['table']])),
    ports.map((port) => `${node}.${port} -> t-${port}.in`),
  ]
}

/** The first ones of each key go on to a second `dedupe`, and into a file; the others are counted. */
function bytesBehind(ports: readonly string[]): [Record<string, [string, object?]>, string[]] {
  const [ends, wires] = tables('d', ports)
  return [
    {
      ...ends,
      few: ['dedupe', { by: ['n'] }],
      kept: ['filter', { condition: 'record.n % 3 > 0' }],
      file: ['write-file', { path: 'out.ndjson' }],
    },
    [...wires, 'd.out -> few.in', 'few.out -> kept.in', 'kept.kept -> file.in'],
  ]
}

function written(): string {
  const path = join(folder, 'out.ndjson')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  rmSync(path, { force: true })
  return text
}

async function alike(flow: Flow, limits: Omit<Limits, 'workers' | 'tier'>): Promise<number> {
  const one = startSharedRun(flow, folder, { ...limits, workers: 1, tier: 'row' })
  const outcome = await one.ended
  const wanted = { ...told(flow, one, COUNTED), text: written() }
  let shared = 0
  for (const workers of [2, 3]) {
    const several = startSharedRun(flow, folder, { ...limits, workers, tier: 'row' })
    expect(await several.ended).toEqual(outcome)
    // What had passed before a failure is up to the moment.
    const got = { ...told(flow, several, COUNTED), text: written() }
    if (outcome.phase === 'done') expect(got).toEqual(wanted)
    shared += several.work.shared.length
  }
  return shared
}

/** The small one holds fewer keys than there may be. */
const memory = fc.constantFrom(256, 1.5)

describe('dedupe', () => {
  it('is the same with several workers', async () => {
    let shared = 0
    const drawn = fc.record({
      records: side,
      memoryMb: memory,
      by: fc.constantFrom([], ['k'], ['k', 'side']),
      ports: fc.subarray(['duplicates', 'error']),
      made: fc.boolean(),
      /** Behind it: tables alone, or another one, and bytes. */
      behind: fc.constantFrom('tables', 'bytes'),
    })
    await fc.assert(
      fc.asyncProperty(drawn, async ({ records, memoryMb, by, ports, made, behind }) => {
        write('in.ndjson', records)
        const [ends, wires] = behind === 'bytes' ? bytesBehind(ports) : tables('d', ['out', ...ports])
        const isMade = made && records.bare === 0
        const nodes: Parameters<typeof flowOf>[0] = {
          in: ['file', { path: 'in.ndjson' }],
          d: ['dedupe', { by }],
          ...(isMade && { m: ['map', { value: MAKE }] }),
          ...ends,
        }
        const between = isMade ? ['in.out -> m.in', 'm.out -> d.in'] : ['in.out -> d.in']
        shared += await alike(flowOf(nodes, [...between, ...wires]), {
          // Two of them divide it.
          memoryMb: behind === 'bytes' ? memoryMb * 2 : memoryMb,
        })
      }),
      { seed: 22, numRuns: 250, timeout: 10_000 },
    )
    expect(shared).toBeGreaterThan(90)
  }, 120_000)
})

describe('dedupe over pieces', () => {
  const flow = (by: string[]) =>
    flowOf(
      {
        in: ['file', { path: 'in.ndjson' }],
        d: ['dedupe', { by }],
        file: ['write-file', { path: 'out.ndjson' }],
      },
      ['in.out -> d.in', 'd.out -> file.in'],
    )

  it('stops at any moment with the beginning of what would have come, and leaves nothing', async () => {
    write('in.ndjson', { records: 5000, keys: 100_000, seed: 3, bare: 0 })
    for (const memoryMb of [256, 1.5]) {
      expect((await startSharedRun(flow(['n']), folder, { workers: 1, memoryMb }).ended).phase).toBe('done')
      const whole = written()
      for (let turns = 0; turns < 90; turns += 3) {
        const { run, work, shares, ended } = startSharedRun(flow(['n']), folder, { workers: 3, memoryMb })
        expect(work.shared[0]?.firsts).toEqual(['d'])
        for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
        if (turns % 2 === 0) shares[turns % 3]?.stop()
        run.stop()
        expect(['stopped', 'done']).toContain((await ended).phase)
        expect(runFolders()).toEqual([])
        expect(whole.startsWith(written())).toBe(true)
      }
    }
  }, 120_000)

  it('fails with the first record that fails, in whichever node', async () => {
    for (const [map, key] of [
      [1501, 1901],
      [1901, 1501],
      [100, 200],
      [200, 100],
    ]) {
      const lines = Array.from({ length: 3000 }, (_, at) => (at + 1 === key ? '1' : `{"n":${at + 1}}`))
      writeFileSync(join(folder, 'in.ndjson'), lines.map((line) => `${line}\n`).join(''))
      const both = flowOf(
        {
          in: ['file', { path: 'in.ndjson' }],
          d: ['dedupe', { by: ['n'] }],
          m: ['map', { value: `record.n === ${map} ? none : record` }],
          file: ['write-file', { path: 'out.ndjson' }],
        },
        ['in.out -> d.in', 'd.out -> m.in', 'm.out -> file.in'],
      )
      const told = map! < key! ? { node: 'm', recordNumber: map } : { node: 'd', recordNumber: key }
      for (const workers of [1, 2, 3]) {
        const { ended } = startSharedRun(both, folder, { workers, tier: 'row', turnBytes: 20_000 })
        expect(await ended).toMatchObject({ phase: 'failed', error: { at: told } })
      }
    }
  })

  it('fails with the first record of the whole input that has no key', async () => {
    write('in.ndjson', { records: 3000, keys: 300, seed: 3, bare: 499 })
    const { ended } = startSharedRun(flow(['k']), folder, { workers: 3 })
    expect(await ended).toMatchObject({
      phase: 'failed',
      error: { at: { node: 'd', recordNumber: 499, field: 'by' } },
    })
    expect(written()).toBe('')
  })
})

describe('join', () => {
  it('is the same with several workers', async () => {
    let shared = 0
    const drawn = fc.record({
      left: side,
      right: side,
      memoryMb: memory,
      kind: fc.constantFrom(...JOIN_KINDS),
      errors: fc.boolean(),
      made: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(drawn, async ({ left, right, memoryMb, kind, errors, made }) => {
        write('left.ndjson', { ...left, records: Math.ceil(left.records / (left.keys < 10 ? 10 : 1)) })
        write('right.ndjson', { ...right, records: Math.ceil(right.records / (right.keys < 10 ? 10 : 1)) })
        const [ends, wires] = tables('j', errors ? ['out', 'error'] : ['out'])
        const isMade = made && left.bare === 0
        const nodes: Parameters<typeof flowOf>[0] = {
          l: ['file', { path: 'left.ndjson' }],
          r: ['file', { path: 'right.ndjson' }],
          j: ['join', { kind, keys: [{ left: 'k' }] }],
          ...(isMade && { m: ['map', { value: MAKE }] }),
          ...ends,
        }
        const lefts = isMade ? ['l.out -> m.in', 'm.out -> j.left'] : ['l.out -> j.left']
        shared += await alike(flowOf(nodes, [...lefts, 'r.out -> j.right', ...wires]), { memoryMb })
      }),
      { seed: 5, numRuns: 60 },
    )
    expect(shared).toBeGreaterThan(100)
  }, 240_000)

  it('stops at any moment, and leaves nothing', async () => {
    const many: Side = { records: 3000, keys: 100_000, seed: 1, bare: 0 }
    write('left.ndjson', many)
    write('right.ndjson', { ...many, seed: 2 })
    const flow = flowOf(
      {
        l: ['file', { path: 'left.ndjson' }],
        r: ['file', { path: 'right.ndjson' }],
        d: ['dedupe', { by: ['n'] }],
        j: ['join', { kind: 'full', keys: [{ left: 'n' }] }],
        t: ['table'],
      },
      ['l.out -> d.in', 'd.out -> j.left', 'r.out -> j.right', 'j.out -> t.in'],
    )
    for (let turns = 0; turns < 60; turns += 3) {
      const { run, shares, ended } = startSharedRun(flow, folder, { workers: 3, tier: 'row', memoryMb: 4 })
      for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
      if (turns % 2 === 0) shares[turns % 3]?.stop()
      run.stop()
      expect(['stopped', 'done']).toContain((await ended).phase)
      expect(runFolders()).toEqual([])
    }
  }, 120_000)
})

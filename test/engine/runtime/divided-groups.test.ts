/** Workers that divide their groups by key give what one worker gives: groups, order, values; in memory and on disk. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { flowOf, metersOf } from '../run-flow.ts'
import { startSharedRun, type SharedRun } from './shared-run.ts'

let folder: string
const before = process.env['TMPDIR']
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-divided-'))
  // Of these runs only.
  process.env['TMPDIR'] = folder
})
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true })
})

/** The least with which three workers may go to disk: half a megabyte of groups each. */
const LITTLE = 8
const ROOMY = 256

/** Records that make keys of a number: spread, skewed, of one kind of value, of many. */
const KEYS = [
  '({ k: (record * 7919) % 30011, v: record })',
  '({ k: "a key with some length " + ((record * 7919) % 20011), v: record % 7 })',
  // A few have nearly all of them.
  '({ k: record % 100 === 0 ? record : record % 3, v: record })',
  // One for all, so that one worker owns it.
  '({ k: "one", v: -record })',
  // Every record by itself, and each share has its own.
  '({ k: record, v: record })',
  // Values that are equal, and not the same: the first one is kept.
  '({ k: record % 2003 === 0 ? -0 : record % 5 === 0 ? 0 : record % 977, v: record % 3 === 0 ? -0 : 0 })',
  '({ k: [record % 411, { a: record % 2 }], v: new Date(record % 13) })',
  '({ k: record % 89 === 0 ? null : record % 83 === 0 ? NaN : BigInt(record % 1009), v: 1e300 * (record % 5 - 2) })',
]
const AGGREGATES = [
  { as: 'n', fn: 'count' },
  { as: 'sum', fn: 'sum', field: 'v' },
  { as: 'mean', fn: 'avg', field: 'v' },
  { as: 'least', fn: 'min', field: 'v' },
  { as: 'most', fn: 'max', field: 'v' },
  { as: 'kinds', fn: 'distinct', field: 'd' },
]

const flowBy = (value: string, by: string[], to: number, group: Record<string, unknown> = {}): Flow =>
  flowOf(
    {
      r: ['range', { from: 0, to }],
      m: ['map', { value: `({ ...${value}, d: record % 11 })` }],
      g: ['group', { by, aggregates: AGGREGATES, ...group }],
      t: ['table', { limit: 1_000_000 }],
      e: ['table'],
    },
    ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in', 'g.error -> e.in'],
  )

const rowsOf = ({ run }: SharedRun, id = 't') => run.rows(id)!.slice(0, run.rows(id)!.stored)

const wasOnDisk = new Set<boolean>()
/** Whether a run had files at some moment. */
async function endOf(shared: SharedRun) {
  let files = false
  const look = setInterval(() => (files ||= readdirSync(folder).length > 0), 2)
  const outcome = await shared.ended
  clearInterval(look)
  wasOnDisk.add(files)
  // Parts hear that the run is over after it is.
  for (let turn = 0; turn < 200 && readdirSync(folder).length > 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(readdirSync(folder)).toEqual([])
  return outcome
}

describe('groups that workers divide by key', () => {
  it('are those of one worker, in its order', async () => {
    const drawn = fc.record({
      key: fc.constantFrom(...KEYS),
      by: fc.constantFrom<string[]>(['k'], ['k', 'v'], ['missing']),
      records: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 25_000 })),
      workers: fc.integer({ min: 2, max: 4 }),
      memoryMb: fc.constantFrom(LITTLE, ROOMY),
    })
    const large = { key: KEYS[4]!, by: ['k'], records: 25_000, workers: 2 }
    await fc.assert(
      fc.asyncProperty(drawn, async ({ key, by, records, workers, memoryMb }) => {
        const flow = flowBy(key, by, records)
        const one = startSharedRun(flow, folder, { workers: 1, memoryMb: ROOMY })
        expect(await one.ended).toEqual({ phase: 'done' })
        const several = startSharedRun(flow, folder, { workers, memoryMb })
        expect(await endOf(several)).toEqual({ phase: 'done' })
        for (const id of ['t', 'e'])
          expect(isDeepStrictEqual(rowsOf(several, id), rowsOf(one, id)), id).toBe(true)
        for (const name of ['in', 'out'] as const)
          expect(metersOf(several.run, 't').get(name)).toBe(metersOf(one.run, 't').get(name))
      }),
      // Chance may draw nothing that goes to disk, so these come first.
      { numRuns: 25, examples: [LITTLE, ROOMY].map((memoryMb) => [{ ...large, memoryMb }]) },
    )
    expect([...wasOnDisk].sort()).toEqual([false, true])
  }, 60_000)

  it('are those of one worker where several nodes hold some', async () => {
    const flow = flowOf(
      {
        r: ['range', { from: 0, to: 30_000 }],
        m: ['map', { value: KEYS[1]! }],
        many: ['group', { by: ['k'], aggregates: AGGREGATES }],
        few: ['group', { by: ['v'] }],
        all: ['group', { by: [] }],
        t1: ['table', { limit: 100_000 }],
        t2: ['table'],
        t3: ['table'],
      },
      ['r.out -> m.in']
        .concat(['many', 'few', 'all'].map((id) => `m.out -> ${id}.in`))
        .concat(['many.out -> t1.in', 'few.out -> t2.in', 'all.out -> t3.in']),
    )
    const one = startSharedRun(flow, folder, 1)
    await one.ended
    for (const memoryMb of [3 * LITTLE, ROOMY]) {
      const several = startSharedRun(flow, folder, { workers: 3, memoryMb })
      expect(several.work.plan.stages[0]).toMatchObject({
        exchanges: ['many', 'few'],
        why: expect.stringContaining('exchanged by the hash of their keys between 3 workers'),
      })
      expect(await endOf(several)).toEqual({ phase: 'done' })
      for (const id of ['t1', 't2', 't3']) expect(rowsOf(several, id)).toEqual(rowsOf(one, id))
    }
  })

  it('count towards the limit of groups once, wherever they were seen', async () => {
    const flow = (maxGroups: number) =>
      flowBy('({ k: record % 6000, v: record % 4 })', ['k'], 30_000, {
        maxGroups,
        aggregates: [{ as: 'kinds', fn: 'distinct', field: 'v' }],
      })
    for (const memoryMb of [LITTLE, ROOMY]) {
      const enough = startSharedRun(flow(12_000), folder, { workers: 3, memoryMb })
      expect(await endOf(enough)).toEqual({ phase: 'done' })
      expect(rowsOf(enough)).toHaveLength(6000)
      const { error } = (await endOf(startSharedRun(flow(11_999), folder, { workers: 3, memoryMb }))) as {
        error: unknown
      }
      expect(error).toMatchObject({
        message: 'This node holds more than 11999 groups and distinct values.',
        at: { node: 'g', field: 'maxGroups' },
      })
    }
  })

  it.each([LITTLE, ROOMY])('settle when they are stopped at any moment, with %s MB', async (memoryMb) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 0, max: 400 }),
        async (workers, ms) => {
          const shared = startSharedRun(flowBy(KEYS[0]!, ['k'], 60_000), folder, { workers, memoryMb })
          await new Promise((resolve) => setTimeout(resolve, ms))
          shared.run.stop()
          const { phase } = await endOf(shared)
          expect(['stopped', 'done']).toContain(phase)
        },
      ),
      { numRuns: 12 },
    )
  })

  it.each([LITTLE, ROOMY])(
    'end with the failure of another node at any moment, with %s MB',
    async (memoryMb) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 4 }),
          fc.integer({ min: 0, max: 400 }),
          async (workers, ms) => {
            const shared = startSharedRun(flowBy(KEYS[0]!, ['k'], 60_000), folder, { workers, memoryMb })
            await new Promise((resolve) => setTimeout(resolve, ms))
            shared.run.fail(new Error('the disk was taken away'))
            const { phase } = await endOf(shared)
            expect(['failed', 'done']).toContain(phase)
          },
        ),
        { numRuns: 12 },
      )
    },
  )

  it('fail with the first record of all that fails, though others wait to exchange theirs', async () => {
    for (const failing of [29_999, 15_000, 10]) {
      const flow = flowOf(
        {
          r: ['range', { from: 0, to: 30_000 }],
          m: ['map', { value: `record >= ${failing} ? missing : ({ k: record })` }],
          g: ['group', { by: ['k'] }],
          t: ['table'],
        },
        ['r.out -> m.in', 'm.out -> g.in', 'g.out -> t.in'],
      )
      for (const memoryMb of [LITTLE, ROOMY]) {
        expect(await endOf(startSharedRun(flow, folder, { workers: 3, memoryMb }))).toMatchObject({
          phase: 'failed',
          error: { at: { node: 'm', recordNumber: failing + 1 } },
        })
      }
    }
  })

  it('tell what cannot travel from thread to thread, and what to do', async () => {
    const flow = flowBy('({ k: record % 10, v: () => record })', ['k'], 100, {
      aggregates: [{ as: 'least', fn: 'min', field: 'v' }],
    })
    expect(await endOf(startSharedRun(flow, folder, 2))).toMatchObject({
      phase: 'failed',
      error: { code: 'node', at: { node: 'g' }, remedy: expect.stringContaining('one worker') },
    })
  })
})

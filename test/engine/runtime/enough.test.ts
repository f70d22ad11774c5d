/** Nodes that have enough, or whose reader has: what they hold and others still want is sent all the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowOf } from '../run-flow.ts'
import { startSharedRun } from './shared-run.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-enough-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('enough', () => {
  it('top behind a sort sends more than a batch, where that many are wanted', async () => {
    const flow = flowOf(
      {
        r: ['range', { to: 5000 }],
        m: ['map', { value: '({ v: (record * 7919) % 5000 })' }],
        s: ['sort', { by: [{ field: 'v' }] }],
        top: ['top', { by: 'v', n: 2500, order: 'asc' }],
        t: ['table'],
      },
      ['r.out -> m.in', 'm.out -> s.in', 's.out -> top.in', 'top.out -> t.in'],
    )
    const { run, ended } = startSharedRun(flow, folder, 1)
    expect(await ended).toEqual({ phase: 'done' })
    expect(run.rows('t')!.slice(0, 5000)).toEqual(Array.from({ length: 2500 }, (_, v) => ({ v })))
  })

  it.each([1, 2, 3])('a fold goes on where nobody reads its errors any more, %d workers', async (workers) => {
    const values = Array.from({ length: 6000 }, (_, i) => (i % 3 === 0 ? '"text"' : String(i)))
    writeFileSync(join(folder, 'in.ndjson'), values.map((v) => `{"v":${v}}\n`).join(''))
    const flow = flowOf(
      {
        in: ['file', { path: 'in.ndjson' }],
        // Keeps the chain in the row tier.
        map: ['map', { value: '({ ...record })' }],
        sum: ['group', { aggregates: [{ as: 'sum', fn: 'sum', field: 'v' }] }],
        out: ['table'],
        few: ['take', { n: 1 }],
        errors: ['table'],
      },
      [
        'in.out -> map.in',
        'map.out -> sum.in',
        'sum.out -> out.in',
        'sum.error -> few.in',
        'few.out -> errors.in',
      ],
    )
    const { run, work, ended } = startSharedRun(flow, folder, workers)
    expect(work.plan.stages[0]).toMatchObject({ tier: 'row', workers })
    expect(await ended).toEqual({ phase: 'done' })
    const sum = values.reduce((total, value) => total + (Number(value) || 0), 0)
    expect(run.rows('out')!.slice(0, 10)).toEqual([{ sum }])
    expect(run.rows('errors')!.slice(0, 10)).toHaveLength(1)
  })
})

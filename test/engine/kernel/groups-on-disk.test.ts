/** Groups of the kernel tier that go to disk: stopped at any moment, where the disk refuses, and what is left behind. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { EDGE_METERS } from '../../../engine/host/protocol.ts'
import type { KernelProgram } from '../../../engine/kernel/program.ts'
import { flowOf } from '../run-flow.ts'
import { startSharedRun } from '../runtime/shared-run.ts'

let folder: string
let temporary: string
let before: string | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-kernel-disk-'))
  temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  before = process.env['TMPDIR']
  process.env['TMPDIR'] = temporary
})
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true })
})

const KEYS = 1250
const LINES = 5_000

function started(withTop: boolean) {
  const flow = flowOf(
    {
      file: ['file', { path: 'x.ndjson' }],
      group: ['group', { by: ['k'], aggregates: [{ as: 'n', fn: 'count' }] }],
      ...(withTop && { top: ['top', { by: 'n', n: 1_000_000 }] }),
      out: ['table', { limit: 1_000_000 }],
    },
    [
      'file.out -> group.in',
      ...(withTop ? ['group.out -> top.in', 'top.out -> out.in'] : ['group.out -> out.in']),
    ],
  )
  return startSharedRun(flow, folder, { workers: 2, turnBytes: 5_000 }, ({ plan, shared }) => {
    expect(plan.stages[0]!.tier).toBe('kernel')
    for (const { program } of shared) (program as KernelProgram).sizes = { groupBytes: 1, rowLimit: 100 }
  })
}

function write(): void {
  const lines = Array.from({ length: LINES }, (_, i) => `{"k":"key ${(i * 7919) % KEYS}"}\n`)
  writeFileSync(join(folder, 'x.ndjson'), lines.join(''))
}

it.each([false, true])(
  'settle when they are stopped at any moment, and leave no file (top: %s)',
  async (withTop) => {
    write()
    let atOnce = 0
    for (let turns = 0; turns <= 400; turns = turns * 2 + 1) {
      const { run, meters, ended } = started(withTop)
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
      run.stop()
      const { phase } = await ended
      expect(['stopped', 'done']).toContain(phase)
      if (phase === 'stopped') atOnce++
      // What was counted is either in the groups or was given up with them: none is counted twice.
      const rows = run.rows('out')!.slice(0, KEYS) as { n: number }[]
      const counted = rows.reduce((sum, { n }) => sum + n, 0)
      expect(counted).toBeLessThanOrEqual(meters.read().edges[EDGE_METERS.indexOf('records')]!)
      // The parts hear later that they are not needed any more.
      await expect.poll(() => readdirSync(temporary)).toEqual([])
    }
    expect(atOnce).toBeGreaterThan(0)
  },
)

it('fail in the name of the group where the disk refuses, with what to do', async () => {
  write()
  process.env['TMPDIR'] = join(folder, 'missing')
  const { ended } = started(true)
  const { phase, error } = await ended
  expect(phase).toBe('failed')
  expect(error).toMatchObject({
    at: { node: 'group' },
    message: expect.stringContaining('there is no such folder'),
  })
  expect(error!.remedy).toContain('TMPDIR')
  expect(existsSync(join(folder, 'missing'))).toBe(false)
})

it('end in every group, with all of its records', async () => {
  write()
  const { run, ended } = started(false)
  expect(await ended).toEqual({ phase: 'done' })
  const rows = run.rows('out')!.slice(0, 2 * KEYS) as { k: string; n: number }[]
  expect(rows.length).toBe(KEYS)
  expect(rows.every(({ n }) => n === LINES / KEYS)).toBe(true)
  expect(rows[1]!.k).toBe('key 419')
})

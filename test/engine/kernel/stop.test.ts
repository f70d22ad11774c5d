/** A stop is heard between two scans, and not at the end of a block. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KernelProgram } from '../../../engine/kernel/program.ts'
import { flowOf } from '../run-flow.ts'
import { startSharedRun } from '../runtime/shared-run.ts'

/** Each fails, which takes its time. */
const LINES = 100_000
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-stop-'))
  writeFileSync(join(folder, 'x.log'), 'no line of an access log\n'.repeat(LINES))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('stops within a block of lines that take long', async () => {
  const flow = flowOf(
    {
      file: ['file', { path: 'x.log', format: 'lines' }],
      parse: ['parse', { as: 'access-log' }],
      group: ['group', { by: ['path'], aggregates: [{ as: 'n', fn: 'count' }] }],
      out: ['table'],
      bad: ['discard'],
    },
    ['file.out -> parse.in', 'parse.out -> group.in', 'group.out -> out.in', 'parse.error -> bad.in'],
  )
  const { run, meters, shares, ended } = startSharedRun(flow, folder, 1, ({ plan, shared }) => {
    expect(plan.stages[0]!.tier).toBe('kernel')
    for (const { program } of shared)
      (program as KernelProgram).sizes = { blockBytes: 8_000_000, rowLimit: 100 }
  })
  const parsed = () => {
    const at = run.plan.nodes.findIndex(({ id }) => id === 'parse')
    return meters.pages.reduce((sum, page) => sum + page.node(at).get('in'), 0)
  }
  while (parsed() === 0) await new Promise((resolve) => setImmediate(resolve))
  run.stop()
  for (const one of shares) one.stop()
  expect(await ended).toEqual({ phase: 'stopped' })
  expect(parsed()).toBeGreaterThan(0)
  expect(parsed()).toBeLessThan(LINES)
})

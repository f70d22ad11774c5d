// The run in one line.
import { describe, expect, it } from 'vitest'
import { runSummary, timeLeft } from '../../renderer/app/run-summary.ts'
import type { SizedSource } from '../../renderer/app/run-summary.ts'
import { resolveTheme } from '../../renderer/app/theme.ts'
import type { Frame, PlanNode, RunState } from '../../engine/host/protocol.ts'
import type { LiveNode } from '../../renderer/stores/live.ts'

const planned = (id: string, kind: PlanNode['kind']): PlanNode => ({
  id,
  type: id,
  kind,
  stage: 0,
  tier: 'row',
})
const run = (more: Partial<RunState> = {}): RunState => ({
  runId: '1',
  phase: 'running',
  name: '',
  startedAt: 1000,
  plan: { nodes: [planned('log', 'generator'), planned('out', 'consumer')], edges: [], stages: [] },
  tables: [],
  ...more,
})
const frame: Frame = { seq: 1, runId: '1', elapsedMs: 6200, memory: 86_000_000, nodes: [], edges: [] }
const nodes = (log: Partial<LiveNode>, out: Partial<LiveNode> = {}) => ({
  frame,
  node: (id: string) =>
    ({
      state: 'running',
      rate: 0,
      progressDone: 0,
      progressTotal: 0,
      ...(id === 'log' ? log : out),
    }) as LiveNode,
})
const text = (parts: ReturnType<typeof runSummary>) =>
  parts
    .map(({ before, value, after }) => [before, value, after].filter(Boolean).join(' '))
    .join(' · ')
    .replaceAll('\u2009', ' ')

describe('the line', () => {
  it('tells time, rate, memory and time left while it runs', () => {
    const live = nodes({ rate: 402_000, out: 402_000 * 6.2, progressDone: 62, progressTotal: 92 })
    expect(text(runSummary(run(), live))).toBe('running 6.2 s · 402 k records/s · 86 MB · ≈ 3 s left')
  })

  it('counts what arrives once all is read', () => {
    const live = nodes({ state: 'done', rate: 0 }, { rate: 50 })
    expect(text(runSummary(run(), live))).toContain('50 records/s')
  })

  it('tells how it ended', () => {
    const live = nodes({})
    expect(text(runSummary(run({ phase: 'done', endedAt: 2200 }), live))).toBe('done in 1.2 s')
    expect(text(runSummary(run({ phase: 'stopped', endedAt: 1240 }), live))).toBe('stopped after 240 ms')
    const error = { code: 'node' as const, message: 'The file is gone.', remedy: '', at: {} }
    expect(text(runSummary(run({ phase: 'failed', endedAt: 1090, error }), live))).toBe('failed after 90 ms')
  })
})

describe('the time left', () => {
  const source = (
    progressDone: number,
    progressTotal: number,
    more: Partial<SizedSource> = {},
  ): SizedSource => ({
    progressDone,
    progressTotal,
    state: 'running',
    out: 1000,
    rate: 1000,
    ...more,
  })

  it('is that of the slowest source that is not done', () => {
    expect(timeLeft([source(50, 100), source(25, 100), source(1, 100, { state: 'done' })], 1000)).toBe(3000)
  })

  it('goes by the present pace, not by the average', () => {
    expect(timeLeft([source(50, 100, { rate: 10 })], 1000)).toBe(100_000)
  })

  it('is unknown where a source has no size, at the very start, and while nothing moves', () => {
    expect(timeLeft([source(50, 100), source(0, 0)], 1000)).toBeNull()
    expect(timeLeft([source(1, 100)], 1000)).toBeNull()
    expect(timeLeft([source(50, 100, { rate: 0 })], 1000)).toBeNull()
    expect(timeLeft([], 1000)).toBeNull()
  })
})

it('a theme follows the system only as far as it was not chosen', () => {
  expect(resolveTheme('system', true, false)).toBe('dark')
  expect(resolveTheme('light', true, true)).toBe('light')
  expect(resolveTheme('system', false, true)).toBe('contrast')
  expect(resolveTheme('contrast', true, false)).toBe('contrast-dark')
})

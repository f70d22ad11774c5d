/** The progress display: what it counts, how it fits a terminal, how it reads in a log. */
import { expect, test } from 'vitest'
import { countText, durationText, shortText } from '../../../engine/cli/number-text.ts'
import { runProgress } from '../../../engine/cli/progress-model.ts'
import { progressLine, progressTable } from '../../../engine/cli/progress-table.ts'
import { NODE_METERS, NODE_STATES } from '../../../engine/host/protocol.ts'
import type { Frame, NodeMeter, Plan, PlanNode } from '../../../engine/host/protocol.ts'

function plan(...nodes: [id: string, kind: PlanNode['kind']][]): Plan {
  return {
    nodes: nodes.map(([id, kind], stage) => ({ id, type: 'x', kind, stage, tier: 'row' })),
    edges: [],
    stages: [],
  }
}

function frame(elapsedMs: number, ...nodes: Partial<Record<NodeMeter, number>>[]): Frame {
  const numbers = nodes.flatMap((node) => NODE_METERS.map((meter) => node[meter] ?? 0))
  return { seq: 1, runId: 'r', elapsedMs, memory: 0, nodes: numbers, edges: [] }
}

const RUNNING = NODE_STATES.indexOf('running')
const three = plan(['log', 'generator'], ['page', 'processor'], ['top', 'consumer'])
const now = frame(
  10_000,
  { state: RUNNING, out: 1_204_113, progressDone: 40, progressTotal: 100 },
  { state: RUNNING, in: 1_204_000, out: 1_203_000, errors: 3 },
  { state: RUNNING, in: 5 },
)
const wide = { columns: 100, rows: 24 }

test('rates are those since the earlier frame, of records made or, by a consumer, taken in', () => {
  const earlier = frame(9000, { out: 1_200_113 }, { out: 1_203_000 }, { in: 3 })
  expect(runProgress(three, now, earlier).nodes.map(({ rate }) => rate)).toEqual([4000, 0, 2])
})

test('time left follows from the pace so far, and is not guessed from too little', () => {
  expect(runProgress(three, now)).toMatchObject({ fraction: 0.4, leftMs: 15_000 })
  const sized = { progressTotal: 1000 }
  expect(runProgress(three, frame(500, { ...sized, progressDone: 500 }, {}, {})).leftMs).toBeUndefined()
  expect(runProgress(three, frame(5000, { ...sized, progressDone: 1 }, {}, {})).leftMs).toBeUndefined()
  expect(runProgress(three, frame(5000, {}, {}, {}))).toMatchObject({
    fraction: undefined,
    leftMs: undefined,
  })
})

test('of several sized sources the slowest counts', () => {
  const two = plan(['a', 'generator'], ['b', 'generator'])
  const sizes = frame(2000, { progressDone: 9, progressTotal: 10 }, { progressDone: 1, progressTotal: 2 })
  expect(runProgress(two, sizes).fraction).toBe(0.5)
})

test('the table lines its columns up, with a bar below', () => {
  expect(progressTable(runProgress(three, now), wide, false).split('\n')).toEqual([
    'node  state           in        out    rate  errors',
    'log   running          0  1,204,113  120k/s       0',
    'page  running  1,204,000  1,203,000  120k/s       3',
    'top   running          5          0   0.5/s       0',
    '████████████░░░░░░░░░░░░░░░░░░ 10 s · 40% · 15 s left',
  ])
})

test('the table stays within the terminal, and says what it leaves out', () => {
  const many = plan(
    ...Array.from({ length: 50 }, (_, n): [string, 'processor'] => [`node-number-${n}`, 'processor']),
  )
  const progress = runProgress(many, frame(1000, ...Array.from({ length: 50 }, () => ({}))))
  const lines = progressTable(progress, { columns: 30, rows: 12 }, false).split('\n')
  expect(lines.length).toBeLessThan(12)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30)
  expect(lines.at(-2)).toBe('and 42 more nodes')
})

test('colour repeats the state and changes no letter', () => {
  const progress = runProgress(three, now)
  const painted = progressTable(progress, wide, true)
  // oxlint-disable-next-line no-control-regex -- colours are control characters
  expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(progressTable(progress, wide, false))
  expect(painted).toContain('\u001b[36mrunning\u001b[39m')
})

test('an estimate says that it is one, and no rate is less than nothing when the exact count replaces it', () => {
  const two = plan(['log', 'generator'], ['low', 'processor'])
  const about = frame(2000, { out: 3000, about: 1 }, { in: 3000, out: 950, about: 1 })
  const rows = progressTable(runProgress(two, about), wide, false).split('\n')
  expect(rows[1]).toMatch(/^log +idle +0 +≈3,000 /)
  expect(rows[2]).toMatch(/^low +idle +≈3,000 +≈950 /)
  expect(progressLine(runProgress(two, about))).toBe('2 s · log ≈3,000 out')
  const exact = frame(3000, { out: 4000 }, { in: 4000, out: 940 })
  expect(runProgress(two, exact, about).nodes.map(({ rate }) => rate)).toEqual([1000, 0])
})

test('a log line tells the ends of the flow', () => {
  expect(progressLine(runProgress(three, now))).toBe('10 s · 40% · 15 s left · log 1,204,113 out · top 5 in')
})

test.each([
  [0, '0'],
  [0.5, '0.5'],
  [999, '999'],
  [999.6, '1.00k'],
  [12_345, '12.3k'],
  [999_499, '999k'],
  [1_200_000, '1.20M'],
  [5e15, '5000T'],
])('%d reads %s', (value, text) => expect(shortText(value)).toBe(text))

test('durations and counts read plainly', () => {
  expect([800, 59_400, 75_000, 3_725_000].map(durationText)).toEqual([
    '1 s',
    '59 s',
    '1 min 15 s',
    '1 h 2 min',
  ])
  expect(countText(1_234_567)).toBe('1,234,567')
})

/** What the app says about a plan, and that shares of time are those of one thread. */
import { expect, it, test } from 'vitest'
import type { Frame, Plan, PlanStage } from '../../engine/host/protocol.ts'
import { EDGE_METERS, NODE_METERS } from '../../engine/host/protocol.ts'
import {
  isUsual,
  planText,
  planTitle,
  reasonText,
  stageOf,
  tierSpeech,
  tierText,
} from '../../renderer/app/plan-words.ts'
import { workersOf } from '../../renderer/stores/live.ts'

const stage = (nodes: string[], tier: PlanStage['tier'], workers: number): PlanStage => ({
  nodes,
  tier,
  workers,
  why: `because of ${nodes[0]}`,
})

function planOf(...stages: PlanStage[]): Plan {
  return {
    stages,
    nodes: stages.flatMap(({ nodes, tier }, at) =>
      nodes.map((id) => ({ id, type: 'map', kind: 'processor' as const, stage: at, tier })),
    ),
    edges: [],
  }
}

const plan = planOf(stage(['log', 'page'], 'kernel', 2), stage(['out'], 'row', 1))

it('finds the stage of a node, and none for one that is not in the plan', () => {
  expect(stageOf(plan, 'page')).toBe(plan.stages[0])
  expect(stageOf(plan, 'out')).toBe(plan.stages[1])
  expect(stageOf(plan, 'new')).toBeUndefined()
  expect(stageOf(null, 'log')).toBeUndefined()
})

test.each([
  ['kernel', 2, 'kernel ×2', 'kernel tier, 2 workers'],
  ['kernel', 1, 'kernel', 'kernel tier'],
  ['row', 4, 'row ×4', 'row tier, 4 workers'],
  ['sql', 1, 'sql', 'sql tier'],
] as const)('%s with %i reads as %s', (tier, workers, text, speech) => {
  const found = stage(['n'], tier, workers)
  expect([tierText(found), tierSpeech(found), isUsual(found)]).toEqual([text, speech, false])
})

it('says nothing of records in one thread', () => {
  expect(isUsual(stage(['n'], 'row', 1))).toBe(true)
  expect(planText(planOf(stage(['n'], 'row', 1)))).toBe('1 stage')
})

it('sums a plan up, each kind once and in order', () => {
  expect(planText(plan)).toBe('2 stages · kernel ×2')
  expect(planText(planOf(stage(['a'], 'row', 2), stage(['b'], 'sql', 1), stage(['c'], 'row', 2)))).toBe(
    '3 stages · row ×2 · sql',
  )
  expect(planTitle(plan)).toBe(
    '1. kernel ×2: log, page\n    Because of log.\n2. row: out\n    Because of out.',
  )
})

it('makes a sentence of a reason, once', () => {
  expect(reasonText('two files')).toBe('Two files.')
  expect(reasonText('Two files.')).toBe('Two files.')
  expect(reasonText('')).toBe('')
})

it('times of a node are sums over the threads of its stage', () => {
  expect([0, 1, 2, 3].map((index) => workersOf(plan, index))).toEqual([2, 2, 1, 1])
  expect(workersOf(null, 0)).toBe(1)
})

it('a node that kept two threads busy half the time shows half', async () => {
  // A browser's frame clock, for the one listener there is.
  globalThis.requestAnimationFrame ??= (call) => setTimeout(() => call(0), 0) as unknown as number
  const { Live } = await import('../../renderer/stores/live.ts')
  const live = new Live()
  live.reset(plan)
  const nodes = plan.nodes.flatMap(({ id }) =>
    NODE_METERS.map((meter) => (meter === 'busyMs' ? (id === 'out' ? 250 : 1000) : 0)),
  )
  const frame: Frame = {
    seq: 1,
    runId: 'r',
    elapsedMs: 1000,
    memory: 0,
    nodes,
    edges: EDGE_METERS.map(() => 0),
  }
  live.push(frame, () => {})
  expect(live.node('log')?.working).toBe(0.5)
  expect(live.node('out')?.working).toBe(0.25)
})

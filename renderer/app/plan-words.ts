/** How the plan of a run is told: which tier runs a node, with how many workers, and why. */
import type { Plan, PlanStage } from '../../engine/host/protocol.ts'
import { count } from './numbers.ts'

const indexes = new WeakMap<Plan, ReadonlyMap<string, number>>()

/** Undefined where there is no plan, or the node is not in it: it was added since. */
export function stageOf(plan: Plan | null | undefined, node: string): PlanStage | undefined {
  if (!plan) return undefined
  let index = indexes.get(plan)
  if (!index) {
    index = new Map(plan.nodes.map(({ id, stage }) => [id, stage]))
    indexes.set(plan, index)
  }
  const stage = index.get(node)
  return stage === undefined ? undefined : plan.stages[stage]
}

/** True for what needs no telling: records, one after the other, in the run's own thread. */
export function isUsual({ tier, workers }: PlanStage): boolean {
  return tier === 'row' && workers === 1
}

/** "kernel ×2", "sql", "row". */
export function tierText({ tier, workers }: PlanStage): string {
  return workers > 1 ? `${tier} ×${workers}` : tier
}

/** For screen readers, which would say "times" or nothing: "kernel tier, 2 workers". */
export function tierSpeech({ tier, workers }: PlanStage): string {
  return workers > 1 ? `${tier} tier, ${workers} workers` : `${tier} tier`
}

/** The planner's reason as a sentence of its own. */
export function reasonText(why: string): string {
  return why === '' ? '' : `${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, '')}.`
}

/** "3 stages · kernel ×2 · sql": what is out of the usual, each once, in the order of the plan. */
export function planText({ stages }: Plan): string {
  const special = new Set(stages.filter((stage) => !isUsual(stage)).map(tierText))
  return [count(stages.length, 'stage'), ...special].join(' · ')
}

/** Every stage with its nodes and why it runs as it does, a line each. */
export function planTitle({ stages }: Plan): string {
  return stages
    .map(
      (stage, at) => `${at + 1}. ${tierText(stage)}: ${stage.nodes.join(', ')}\n    ${reasonText(stage.why)}`,
    )
    .join('\n')
}

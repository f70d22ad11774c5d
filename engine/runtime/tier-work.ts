/**
 * Who does the work of a stage, by its tier: in the part workers, and in the run's own thread. What engine/plan/tiers.ts
 * lets a tier promise is kept here; loaded when a plan asks for it.
 */
import type { Tier } from '../host/protocol.ts'
import type { Memory } from '../spec/node.ts'
import { RowMerge } from './part-merge.ts'
import { RowPart } from './part-row.ts'
import type { MergeSetup, PartSetup, PartWork, StageMerge } from './part-work.ts'

export interface TierWork {
  part(setup: PartSetup, memory: (node: string) => Memory): PartWork | Promise<PartWork>
  /** Called when the parts have ended. */
  merge(setup: MergeSetup): StageMerge | Promise<StageMerge>
}

const row: TierWork = {
  part: (setup, memory) => new RowPart(setup, memory),
  merge({ node, registry, flow, plan, stage }) {
    const type = registry.get(flow.nodes[node.node]!.type)!
    return new RowMerge(type, { ...node, enough: () => {} }, plan.stages[stage]!.workers)
  },
}

const kernel: TierWork = {
  part: async (setup, memory) => {
    const { KernelPart } = await import('../kernel/kernel-part.ts')
    return new KernelPart(setup, memory(setup.nodes.at(-1)!))
  },
  merge: async (setup) => {
    const { KernelMerge } = await import('../kernel/groups/kernel-merge.ts')
    return new KernelMerge(setup)
  },
}

/** Each further tier is one line here, with its code imported when it is wanted. */
const TIER_WORK: Partial<Record<Tier, TierWork>> = { row, kernel }

/** @throws Error where this build has no such tier */
export function tierWork(tier: Tier): TierWork {
  const work = TIER_WORK[tier]
  if (!work) throw new Error(`no code for the tier ${tier}`)
  return work
}

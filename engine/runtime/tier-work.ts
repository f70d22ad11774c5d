/**
 * Who does the work of a stage, by its tier: in the part workers, and in the run's own thread. What engine/plan/tiers.ts
 * lets a tier promise is kept here; loaded when a plan asks for it.
 */
import type { Tier } from '../host/protocol.ts'
import type { Memory, Setup } from '../spec/node.ts'
import { RowMerge } from './part-merge.ts'
import { RowPart } from './part-row.ts'
import type { PartSetup, PartWork, StageMerge } from './part-work.ts'

/** What the records of a stage are made with, in the run's own thread. */
export interface MergeSetup extends Omit<PartSetup, 'clock' | 'meters' | 'metered' | 'encoded'> {
  /** What the node that the stage ends in is given. */
  node: Omit<Setup<Record<string, unknown>>, 'enough'>
}

export interface TierWork {
  part(setup: PartSetup, memory: () => Memory): PartWork | Promise<PartWork>
  /** Called when the parts have ended. */
  merge(setup: MergeSetup): StageMerge | Promise<StageMerge>
}

const row: TierWork = {
  part: (setup, memory) => new RowPart(setup, memory),
  merge: ({ node, registry, flow }) =>
    new RowMerge(registry.get(flow.nodes[node.node]!.type)!, { ...node, enough: () => {} }),
}

const kernel: TierWork = {
  part: async (setup, memory) => {
    const { KernelPart } = await import('../kernel/kernel-part.ts')
    return new KernelPart(setup, memory())
  },
  merge: async (setup) => {
    const { KernelMerge } = await import('../kernel/kernel-merge.ts')
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

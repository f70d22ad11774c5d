/** The shared stages of a run: which nodes and edges are the part workers' business, and how a stage is started. */
import type { PlanEdge } from '../host/protocol.ts'
import type { RunPlan, SharedStage as SharedStagePlan } from '../plan/run-plan.ts'
import type { Channel, Queued } from './channel.ts'
import type { CopiedEdge } from './copied-edges.ts'
import type { Memory } from '../spec/node.ts'
import type { NodeMeters } from './meter.ts'
import type { PartPort } from './part-protocol.ts'
import type { RunOwner } from './runtime-node.ts'
import { SharedStage } from './shared-stage.ts'

export interface SharedStages {
  /** Whether a stage of the plan is shared. */
  has(stage: number): boolean
  /** Whether a node is run by part workers alone. */
  isElsewhere(node: string): boolean
  /** Whether this thread makes the node's records of what the parts held. */
  merges(node: string): boolean
  /** Whether an edge is walked by the parts alone. */
  isInner(edge: PlanEdge): boolean
  /** Where the queue of an edge goes that leads out of the parts; undefined for other edges. */
  leaving(edge: PlanEdge): Map<string, Channel<Queued>> | undefined
  /** Whether an edge brings bytes in place of records. */
  isEncoded(edge: PlanEdge): boolean
  start(stage: number, given: StageStart): Promise<void>
  stop(): void
  fail(): void
}

export interface StageStart {
  /** Meters of the source, for its progress. */
  head: NodeMeters
  /** An edge into the stage from elsewhere, with its queue. */
  copied(edge: string): CopiedEdge
  merge(node: string, states: unknown[], shared: SharedStagePlan): Promise<void>
  /** What a node may hold in the run's thread. */
  memory(node: string): Memory
  /** Says something in a node's name. */
  log(node: string, text: string): void
}

export function shareStages(
  { shared }: RunPlan,
  parts: ReadonlyMap<number, readonly PartPort[]> | undefined,
  owner: RunOwner,
): SharedStages {
  const stageOf = new Map(shared.flatMap((one) => one.nodes.map((node) => [node, one] as const)))
  const leavingOf = new Map(shared.map(({ stage }) => [stage, new Map<string, Channel<Queued>>()]))
  const running: SharedStage[] = []
  const isMerge = (node: string) => stageOf.get(node)?.merges.includes(node) ?? false
  let ended: 'stopped' | 'failed' | undefined
  return {
    has: (stage) => leavingOf.has(stage),
    isElsewhere: (node) => stageOf.has(node) && !isMerge(node),
    merges: isMerge,
    isInner: ({ from, to }) => stageOf.has(from.node) && stageOf.get(from.node) === stageOf.get(to.node),
    leaving({ from }) {
      const stage = stageOf.get(from.node)
      if (!stage || (isMerge(from.node) && from.port === 'out')) return undefined
      return leavingOf.get(stage.stage)
    },
    isEncoded: ({ id }) => shared.some(({ encoded }) => encoded.includes(id)),
    async start(at, { head, copied, memory, merge, log }) {
      const stage = shared.find(({ stage: index }) => index === at)!
      if (stage.amount > 0) head.set('progressTotal', stage.amount)
      const one = new SharedStage({
        shared: stage,
        ports: parts?.get(at) ?? [],
        leaving: leavingOf.get(at)!,
        copied: stage.copies.map(copied),
        owner,
        log,
        memory,
        merge: (node, states) => merge(node, states, stage),
      })
      running.push(one)
      // Stopped, or failed elsewhere, before it began.
      if (ended === 'stopped') one.stop()
      if (ended === 'failed') one.fail()
      await one.start()
    },
    stop() {
      ended = 'stopped'
      for (const one of running) one.stop()
    },
    fail() {
      ended = 'failed'
      for (const one of running) one.fail()
    },
  }
}

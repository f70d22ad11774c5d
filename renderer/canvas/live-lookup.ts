/** Readings of the run that the cards and chips share: queues before a node, shares of the whole run, sums. */
import { nodeMeter } from '../../engine/host/protocol.ts'
import type { Plan } from '../../engine/host/protocol.ts'
import { live, workersOf } from '../stores/live.ts'
import type { LiveEdge } from '../stores/live.ts'
import { paceOf } from './pace.ts'
import type { Pace } from './pace.ts'

interface PlanIndex {
  nodes: ReadonlyMap<string, number>
  /** Edge ids into each node. */
  into: ReadonlyMap<string, readonly string[]>
}

const indexes = new WeakMap<Plan, PlanIndex>()

function indexOf(plan: Plan): PlanIndex {
  let index = indexes.get(plan)
  if (!index) {
    const into = new Map<string, string[]>()
    for (const edge of plan.edges) into.set(edge.to.node, [...(into.get(edge.to.node) ?? []), edge.id])
    index = { nodes: new Map(plan.nodes.map((node, at) => [node.id, at])), into }
    indexes.set(plan, index)
  }
  return index
}

/** How full the fullest queue before the node is, 0..1. */
export function queueBefore(node: string): number {
  if (!live.plan) return 0
  const edges = indexOf(live.plan).into.get(node) ?? []
  return edges.reduce((most, id) => Math.max(most, live.edge(id)?.fill ?? 0), 0)
}

/** Shares of the whole run so far; what a card shows after the end, when there is no last second any more. */
export function wholeRunShares(node: string): { working: number; blocked: number } {
  const { plan, frame } = live
  const at = plan ? indexOf(plan).nodes.get(node) : undefined
  if (!frame || at === undefined || frame.elapsedMs <= 0) return { working: 0, blocked: 0 }
  const threadMs = frame.elapsedMs * workersOf(plan, at)
  const share = (meter: 'busyMs' | 'blockedMs') => Math.min(1, nodeMeter(frame, at, meter) / threadMs)
  return { working: share('busyMs'), blocked: share('blockedMs') }
}

/** How full an edge looks: its queue, or on a direct edge, which has none, whether its sender is held up. */
export function fillShown(edge: LiveEdge, source: string): number {
  if (!edge.direct) return edge.fill
  return live.node(source)?.state === 'blocked' ? 1 : 0
}

export function currentPace(): Pace | null {
  const { plan } = live
  if (!plan || !live.frame) return null
  const edges = plan.edges.flatMap(({ id, from, to }) => {
    const edge = live.edge(id)
    return edge ? [{ from: from.node, to: to.node, fill: edge.fill, rate: edge.rate }] : []
  })
  // What leaves a node tells its pace; it may take its input in far larger bites.
  const leaving = new Map<string, number>()
  for (const { from, rate } of edges) leaving.set(from, Math.max(leaving.get(from) ?? 0, rate))
  const nodes = plan.nodes.flatMap(({ id }) => {
    const node = live.node(id)
    return node ? [{ ...node, id, rate: leaving.get(id) ?? node.rate }] : []
  })
  return paceOf(nodes, edges)
}

/** Failed records of the run and the node with most of them. */
export function rejected(): { count: number; node: string } | null {
  let [count, most, node] = [0, 0, '']
  for (const { id } of live.plan?.nodes ?? []) {
    const errors = live.node(id)?.errors ?? 0
    count += errors
    if (errors > most) [most, node] = [errors, id]
  }
  return count > 0 ? { count, node } : null
}

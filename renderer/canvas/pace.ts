/** Which node sets the pace of a running flow: the one that works while others wait for it. */
import type { NodeState } from '../../engine/host/protocol.ts'
import { formatPercent, formatRate } from './format-numbers.ts'

export interface PaceNode {
  id: string
  state: NodeState
  /** Shares of the last second, 0..1. */
  working: number
  blocked: number
  /** Records per second. */
  rate: number
}

export interface PaceEdge {
  from: string
  to: string
  /** 0..1 of the channel; 0 on direct edges. */
  fill: number
}

export interface Pace {
  node: string
  /** What follows the node's name: "sets the pace: busy 91 %". */
  text: string
}

const FULL = 0.9
const HELD_UP = 0.2
const BUSY = 0.5

/** Null while nothing holds anything up. */
export function paceOf(nodes: readonly PaceNode[], edges: readonly PaceEdge[]): Pace | null {
  const alive = nodes.filter(({ state }) => state === 'running' || state === 'waiting' || state === 'blocked')
  const full = new Set(edges.filter(({ fill }) => fill >= FULL).map(({ to }) => to))
  if (full.size === 0 && !alive.some(({ blocked }) => blocked >= HELD_UP)) return null
  // Behind a full edge sits either the cause or somebody who is blocked in turn; the cause is not blocked.
  const behindFull = alive.filter(({ id, blocked }) => full.has(id) && blocked < BUSY)
  const busy = alive.filter(({ working, blocked }) => working >= BUSY && blocked < BUSY)
  const slowest = (behindFull.length > 0 ? behindFull : busy).reduce<PaceNode | null>(
    (best, node) => (best && best.working >= node.working ? best : node),
    null,
  )
  if (!slowest) return null
  const { id, working, rate } = slowest
  // A node that holds records back on purpose is not busy: say how fast it lets them pass.
  const words = working >= BUSY ? `busy ${formatPercent(working)}` : formatRate(rate)
  return { node: id, text: `sets the pace: ${words}` }
}

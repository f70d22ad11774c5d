/** What a run's progress display says, from its frames. Pure: no clock, no terminal. */
import { nodeMeter, nodeState } from '../host/protocol.ts'
import type { Frame, NodeState, Plan } from '../host/protocol.ts'

export interface NodeProgress {
  id: string
  state: NodeState
  in: number
  out: number
  /** `in` and `out` are estimates, to be shown as such. */
  about: boolean
  errors: number
  /** Records per second lately: made, or taken in by a consumer. */
  rate: number
  /** 0 to 1 where the node knows its size, else undefined. */
  fraction: number | undefined
}

export interface RunProgress {
  elapsedMs: number
  nodes: NodeProgress[]
  /** How far the slowest of the sized sources is, where there is one. */
  fraction: number | undefined
  /** Estimated from the pace so far; undefined while it would be a guess. */
  leftMs: number | undefined
}

/** Below this share, and before this time, the pace so far says little. */
const MIN_FRACTION = 0.01
const MIN_ELAPSED_MS = 1000

/** `earlier` is a frame of about a second ago; rates are counted since then. Without one they are of the whole run. */
export function runProgress(plan: Plan, frame: Frame, earlier?: Frame): RunProgress {
  const sinceMs = frame.elapsedMs - (earlier?.elapsedMs ?? 0)
  const nodes = plan.nodes.map(({ id, kind }, index): NodeProgress => {
    const meter = kind === 'consumer' ? 'in' : 'out'
    const before = earlier ? nodeMeter(earlier, index, meter) : 0
    const total = nodeMeter(frame, index, 'progressTotal')
    return {
      id,
      state: nodeState(frame, index),
      in: nodeMeter(frame, index, 'in'),
      out: nodeMeter(frame, index, 'out'),
      errors: nodeMeter(frame, index, 'errors'),
      about: nodeMeter(frame, index, 'about') > 0,
      // An exact number may be smaller than the estimate before it.
      rate: sinceMs > 0 ? Math.max(0, ((nodeMeter(frame, index, meter) - before) * 1000) / sinceMs) : 0,
      fraction: total > 0 ? Math.min(1, nodeMeter(frame, index, 'progressDone') / total) : undefined,
    }
  })
  const fractions = nodes.map((node) => node.fraction).filter((fraction) => fraction !== undefined)
  const fraction = fractions.length > 0 ? Math.min(...fractions) : undefined
  return { elapsedMs: frame.elapsedMs, nodes, fraction, leftMs: timeLeft(frame.elapsedMs, fraction) }
}

function timeLeft(elapsedMs: number, fraction: number | undefined): number | undefined {
  if (fraction === undefined || fraction < MIN_FRACTION || elapsedMs < MIN_ELAPSED_MS) return undefined
  return (elapsedMs * (1 - fraction)) / fraction
}

/**
 * Live numbers of the run: a plain object outside React. The transport hands it frames; it tells its listeners once
 * per animation frame, and they write text and widths through refs. No React render per count.
 */
import { edgeMeter, nodeMeter, nodeState } from '../../engine/host/protocol.ts'
import type { Frame, NodeState, Plan } from '../../engine/host/protocol.ts'

export interface LiveEdge {
  records: number
  /** Records per second over about the last second. */
  rate: number
  bytes: number
  queued: number
  /** 0..1 of the channel's capacity; 0 on direct edges. */
  fill: number
  dropped: number
  /** The records are an estimate, to be shown as one. */
  about: boolean
  direct: boolean
}

export interface LiveNode {
  state: NodeState
  in: number
  out: number
  errors: number
  dropped: number
  bytes: number
  /** Shares of the time since the last frames, 0..1 each. */
  working: number
  waiting: number
  blocked: number
  /** Records per second, in or out, whichever is more. */
  rate: number
  progressDone: number
  progressTotal: number
  /** `in`, `out` and `dropped` are estimates, to be shown as such. */
  about: boolean
}

/** Rates are taken over this window of frames. */
const WINDOW_MS = 1000

export class Live {
  #plan: Plan | null = null
  #frames: Frame[] = []
  #edgeIndex = new Map<string, number>()
  #nodeIndex = new Map<string, number>()
  #listeners = new Set<() => void>()
  #scheduled = false
  #painted: (() => void)[] = []

  /** The newest frame, null before the first of a run. */
  get frame(): Frame | null {
    return this.#frames.at(-1) ?? null
  }
  get plan(): Plan | null {
    return this.#plan
  }

  /** Starts anew for a run's plan; null clears all numbers. */
  reset(plan: Plan | null): void {
    this.#plan = plan
    this.#frames = []
    this.#edgeIndex = new Map(plan?.edges.map((edge, index) => [edge.id, index]))
    this.#nodeIndex = new Map(plan?.nodes.map((node, index) => [node.id, index]))
    this.#schedule()
  }

  /** `painted` is called after the numbers are on the screen: the moment to acknowledge the frame. */
  push(frame: Frame, painted: () => void): void {
    this.#frames.push(frame)
    while (this.#frames.length > 2 && frame.elapsedMs - (this.#frames[1]?.elapsedMs ?? 0) >= WINDOW_MS)
      this.#frames.shift()
    this.#painted.push(painted)
    this.#schedule()
  }

  /** The listener runs at most once per animation frame. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Undefined where the edge is not in the run (it was added since). */
  edge(id: string): LiveEdge | undefined {
    const index = this.#edgeIndex.get(id)
    const frame = this.frame
    const edge = index === undefined ? undefined : this.#plan?.edges[index]
    if (index === undefined || !frame || !edge) return undefined
    return {
      records: edgeMeter(frame, index, 'records'),
      rate: this.#rate((old) => edgeMeter(old, index, 'records')),
      bytes: edgeMeter(frame, index, 'bytes'),
      queued: edgeMeter(frame, index, 'queuedRecords'),
      fill: edgeMeter(frame, index, 'fill'),
      dropped: edgeMeter(frame, index, 'dropped'),
      about: edgeMeter(frame, index, 'about') > 0,
      direct: edge.direct,
    }
  }

  node(id: string): LiveNode | undefined {
    const index = this.#nodeIndex.get(id)
    const frame = this.frame
    const node = index === undefined ? undefined : this.#plan?.nodes[index]
    if (index === undefined || !frame || !node) return undefined
    const workers = workersOf(this.#plan, index)
    const share = (meter: 'busyMs' | 'waitingMs' | 'blockedMs') =>
      Math.min(1, this.#rate((old) => nodeMeter(old, index, meter)) / 1000 / workers)
    return {
      state: nodeState(frame, index),
      in: nodeMeter(frame, index, 'in'),
      out: nodeMeter(frame, index, 'out'),
      errors: nodeMeter(frame, index, 'errors'),
      dropped: nodeMeter(frame, index, 'dropped'),
      bytes: nodeMeter(frame, index, 'bytes'),
      working: share('busyMs'),
      waiting: share('waitingMs'),
      blocked: share('blockedMs'),
      // A throttle takes in by batches and lets out evenly: the larger of the two tells that it is at work.
      rate: Math.max(
        this.#rate((old) => nodeMeter(old, index, 'in')),
        this.#rate((old) => nodeMeter(old, index, 'out')),
      ),
      progressDone: nodeMeter(frame, index, 'progressDone'),
      progressTotal: nodeMeter(frame, index, 'progressTotal'),
      about: nodeMeter(frame, index, 'about') > 0,
    }
  }

  /** Growth per second over the window; from the start of the run while it is shorter. */
  #rate(read: (frame: Frame) => number): number {
    const last = this.#frames.at(-1)
    const first = this.#frames[0]
    if (!last || !first) return 0
    const [value, ms] =
      first === last
        ? [read(last), last.elapsedMs]
        : [read(last) - read(first), last.elapsedMs - first.elapsedMs]
    // An exact number may be smaller than the estimate before it.
    return ms > 0 ? Math.max(0, (value * 1000) / ms) : 0
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    requestAnimationFrame(() => {
      this.#scheduled = false
      for (const listener of this.#listeners) listener()
      const painted = this.#painted
      this.#painted = []
      for (const done of painted) done()
    })
  }
}

/** How many threads a node's times are the sum of. `index`: its place in the plan. */
export function workersOf(plan: Plan | null, index: number): number {
  return plan?.stages[plan.nodes[index]?.stage ?? -1]?.workers ?? 1
}

export const live = new Live()

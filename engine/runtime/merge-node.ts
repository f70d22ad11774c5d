/** The node that a shared stage ends in, in the run's own thread: it sends what the merge of the parts makes. */
import type { AnyNodeType } from '../spec/node.ts'
import { EndEarly } from './failure.ts'
import type { NodeMeters } from './meter.ts'
import type { Pacer } from './pacer.ts'
import type { MergeContext, StageMerge } from './part-work.ts'
import { RuntimeNode } from './runtime-node.ts'
import type { RunOwner } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

/** After a stop, so many steps may take so long where the machine is busy: what is little gets through. */
const FIRST_STEPS = 16
const FIRST_STEPS_MS = 50

export class MergeNode extends RuntimeNode {
  readonly #pacer: Pacer
  readonly #abort = new AbortController()
  #blockedSince = 0

  constructor(id: string, type: AnyNodeType, meters: NodeMeters, given: { owner: RunOwner; pacer: Pacer }) {
    super(id, type, meters, given.owner)
    this.#pacer = given.pacer
  }

  /** Sends the records and closes the outputs; never rejects: a failure goes to the run. */
  async start(
    merge: StageMerge,
    states: readonly unknown[],
    context: Omit<MergeContext, 'signal'>,
  ): Promise<void> {
    const { signal } = this.#abort
    this.meters.setState('running')
    const began = performance.now()
    let steps = 0
    try {
      let busySince = stopwatch.read()
      for await (const batch of merge.records(states, { ...context, signal })) {
        if (signal.aborted || this.owner.failed) break
        if (this.#isCutShort(merge, began, ++steps)) {
          this.owner.cutShort(this.id)
          break
        }
        this.meters.add('busyMs', stopwatch.read() - busySince)
        const room = this.outputs.get('out')!.send(batch)
        if (room) await this.#until(room)
        const turn = this.#pacer.due(stopwatch.read())
        if (turn) await turn
        busySince = stopwatch.read()
      }
      this.meters.add('busyMs', stopwatch.read() - busySince)
      if (!this.owner.failed) await this.endOutputs()
    } catch (error) {
      if (!this.owner.failed) this.failWith(error)
    }
    this.meters.setState(this.owner.endState)
  }

  endEarly(): void {
    this.#abort.abort(new EndEarly('nobody downstream wants more'))
  }

  tick(now: number): void {
    if (this.#blockedSince === 0) return
    this.meters.add('blockedMs', now - this.#blockedSince)
    this.#blockedSince = now
  }

  #isCutShort({ onDisk = false }: StageMerge, began: number, steps: number): boolean {
    if (this.owner.endState !== 'stopped') return false
    if (onDisk) return true
    const isFirst = steps <= FIRST_STEPS && performance.now() - began < FIRST_STEPS_MS
    return !isFirst && this.owner.isLate(began)
  }

  async #until(room: Promise<void>): Promise<void> {
    this.meters.setState('blocked')
    this.#blockedSince = performance.now()
    await room
    this.tick(performance.now())
    this.#blockedSince = 0
    this.meters.setState('running')
  }
}

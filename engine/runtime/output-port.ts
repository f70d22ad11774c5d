/** The sending side: one output port and the edges that leave it. Fan-out hands the same batch to each; nothing is cloned. */
import type { Batch } from '../spec/node.ts'
import type { EdgeMeters, NodeMeters } from './meter.ts'
import { batchBytes, GlanceSize } from './size.ts'
import type { Tap } from './tap.ts'

/** The receiving side of an edge: a channel, or a node of the same stage. */
export interface Receiver {
  /** Takes the batch at once, so its bytes bound nothing. */
  readonly direct?: boolean
  accept(batch: Batch, bytes: number): void | Promise<void>
  /** No more will come. */
  end(): void | Promise<void>
}

/** One edge as its sender sees it. */
export interface EdgeLine {
  receiver: Receiver
  meters: EdgeMeters
  tap: Tap
  /** False once the receiver wants no more. */
  wanted: boolean
}

export class OutputPort {
  readonly lines: EdgeLine[] = []
  readonly #meters: NodeMeters
  readonly #counts: 'out' | 'errors'
  readonly #glance = new GlanceSize()
  readonly #metered: boolean
  #ended = false

  /** @param metered false: nothing is counted and no tap is filled */
  constructor(meters: NodeMeters, isErrorPort: boolean, metered: boolean) {
    this.#meters = meters
    this.#counts = isErrorPort ? 'errors' : 'out'
    this.#metered = metered
  }

  get isWired(): boolean {
    return this.lines.length > 0
  }

  /** Returns a promise only where a channel was full. */
  send(batch: Batch): void | Promise<void> {
    const records = batch.length
    if (records === 0) return
    if (!this.#metered) return this.#hand(batch)
    if (this.lines.length === 0) {
      this.#meters.add('dropped', records)
      return
    }
    this.#meters.add(this.#counts, records)
    let queued = false
    for (const line of this.lines) if (!line.receiver.direct) queued = true
    const bytes = queued ? batchBytes(batch) : this.#glance.of(batch)
    let pending: Promise<unknown> | undefined
    for (const line of this.lines) {
      if (!line.wanted) {
        line.meters.dropped(records)
        continue
      }
      line.meters.passed(records, bytes)
      line.tap.push(batch)
      pending = both(pending, line.receiver.accept(batch, bytes))
    }
    return pending as Promise<void> | undefined
  }

  /** Sends without a trace. What bounds a queue is still looked at. */
  #hand(batch: Batch): void | Promise<void> {
    let pending: Promise<unknown> | undefined
    for (const { wanted, receiver } of this.lines) {
      if (wanted) pending = both(pending, receiver.accept(batch, receiver.direct ? 0 : batchBytes(batch)))
    }
    return pending as Promise<void> | undefined
  }

  end(): void | Promise<void> {
    if (this.#ended) return
    this.#ended = true
    let pending: Promise<unknown> | undefined
    for (const line of this.lines) pending = both(pending, line.receiver.end())
    return pending as Promise<void> | undefined
  }
}

/** Waits for what there is to wait for, without a promise where there is nothing. */
export function both(
  pending: Promise<unknown> | undefined,
  more: void | Promise<unknown>,
): Promise<unknown> | undefined {
  if (!more) return pending
  return pending ? Promise.all([pending, more]) : more
}

/** The sending side: one output port and the edges that leave it. Fan-out hands the same batch to each; nothing is cloned. */
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { Batch } from '../spec/node.ts'
import type { EdgeMeters, NodeMeters } from './meter.ts'
import { batchBytes, GlanceSize } from './size.ts'
import { stopwatch } from './stopwatch.ts'
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
  /** Records that were sent, wired or not; also without meters. */
  sent = 0

  /** @param metered false: nothing is counted and no tap is filled */
  constructor(meters: NodeMeters, isErrorPort: boolean, metered: boolean) {
    this.#meters = meters
    this.#counts = isErrorPort ? 'errors' : 'out'
    this.#metered = metered
  }

  get isWired(): boolean {
    return this.lines.length > 0
  }

  /** All who read it take a batch at once: no queue holds what is sent. */
  get isDirect(): boolean {
    return this.lines.every(({ receiver }) => receiver.direct)
  }

  /** Returns a promise only where a channel was full. */
  send(batch: Batch): void | Promise<void> {
    const records = batch.length
    if (records === 0) return
    this.sent += records
    if (this.#metered) this.#meters.add(this.isWired ? this.#counts : 'dropped', records)
    return this.#hand(batch, this.lines)
  }

  /** A batch may have grown on the way through a node: it leaves in pieces of the right size. */
  sendInPieces(records: Batch): void | Promise<unknown> {
    return inPieces(records, (batch) => this.send(batch))
  }

  /** Sends to some wires what `passed` will count. */
  handInPieces(records: Batch, lines: readonly EdgeLine[]): void | Promise<unknown> {
    return inPieces(records, (batch) => this.#hand(batch, lines))
  }

  /**
   * Counts records that a loop of several nodes has sent.
   * @param lines those to nodes of the same loop, and unwanted ones; the others count what they are handed
   */
  passed(records: number, lines: readonly EdgeLine[]): void {
    this.sent += records
    if (!this.#metered || records === 0) return
    this.#meters.add(this.isWired ? this.#counts : 'dropped', records)
    const bytes = this.#glance.estimate(records)
    for (const { wanted, meters } of lines) {
      if (wanted) meters.passed(records, bytes)
      else meters.dropped(records)
    }
  }

  #hand(batch: Batch, lines: readonly EdgeLine[]): void | Promise<void> {
    let queued = false
    for (const { receiver } of lines) if (!receiver.direct) queued = true
    const metered = this.#metered
    const bytes = queued ? batchBytes(batch) : metered ? this.#glance.of(batch) : 0
    let pending: Promise<unknown> | undefined
    for (const line of lines) {
      if (!line.wanted) {
        if (metered) line.meters.dropped(batch.length)
        continue
      }
      if (metered) {
        line.meters.passed(batch.length, bytes)
        if (line.receiver.direct) line.tap.glimpse(batch, stopwatch.now)
        else line.tap.push(batch)
      }
      pending = both(pending, line.receiver.accept(batch, bytes))
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

function inPieces(records: Batch, send: (batch: Batch) => void | Promise<unknown>): void | Promise<unknown> {
  if (records.length <= BATCH_RECORDS) return send(records)
  let pending: Promise<unknown> | undefined
  for (let from = 0; from < records.length; from += BATCH_RECORDS) {
    pending = both(pending, send(records.slice(from, from + BATCH_RECORDS)))
  }
  return pending
}

/** Waits for what there is to wait for, without a promise where there is nothing. */
export function both(
  pending: Promise<unknown> | undefined,
  more: void | Promise<unknown>,
): Promise<unknown> | undefined {
  if (!more) return pending
  return pending ? Promise.all([pending, more]) : more
}

/** What a part has a copy of: the records of edges that come to it from elsewhere in the run. */
import type { Batch } from '../spec/node.ts'
import { Channel } from './channel.ts'
import { batchBytes } from './size.ts'

/** Small ones: what is on its way waits in the run's thread, where it is counted and shown. */
const CAPACITY = { records: 4096, bytes: 4 * 1024 * 1024 }
/** Whoever sends counts. */
const UNCOUNTED = { dropped: () => {}, queued: () => {} }

export class PartCopies {
  readonly channels: ReadonlyMap<string, Channel>
  /** Settles when all of them have come, or when nothing more is wanted of them. */
  readonly complete: Promise<void>
  readonly #open: Set<string>
  #completed: () => void = () => {}

  constructor(edges: readonly string[]) {
    this.channels = new Map(edges.map((edge) => [edge, new Channel(CAPACITY, UNCOUNTED)]))
    this.#open = new Set(edges)
    this.complete = new Promise((resolve) => {
      this.#completed = resolve
    })
    if (edges.length === 0) this.#completed()
  }

  /**
   * Takes a batch, or hears that there are no more. Returns a promise where there is no room.
   */
  take(edge: string, batch: Batch | undefined): void | Promise<void> {
    const channel = this.channels.get(edge)!
    if (batch) return channel.push(batch, batchBytes(batch))
    channel.end()
    this.#open.delete(edge)
    if (this.#open.size === 0) this.#completed()
  }

  /** The run is stopped, or has failed: what has come is all. */
  end(): void {
    for (const edge of this.#open) this.take(edge, undefined)
  }
}

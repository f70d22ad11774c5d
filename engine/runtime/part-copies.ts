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
  /** Settles when those who hold them have all, or when nothing more of them is wanted. */
  readonly taken: Promise<void>
  /** Edges that are not read to their end. */
  readonly #open: Set<string>
  #settle: () => void = () => {}

  constructor(edges: readonly string[]) {
    this.channels = new Map(edges.map((edge) => [edge, new Channel(CAPACITY, UNCOUNTED)]))
    this.#open = new Set(edges)
    this.taken = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  get any(): boolean {
    return this.channels.size > 0
  }

  /** Takes a batch, or hears that there are no more. Returns a promise where there is no room. */
  take(edge: string, batch: Batch | undefined): void | Promise<void> {
    const channel = this.channels.get(edge)!
    if (batch) return channel.push(batch, batchBytes(batch))
    channel.end()
  }

  /** A node has read these edges to their end. */
  wereRead(edges: readonly string[]): void {
    for (const edge of edges) this.#open.delete(edge)
    if (this.#open.size === 0) this.#settle()
  }

  /** Nobody waits for the rest: it would not fit, or the run ends. What has come is all. */
  end(): void {
    for (const channel of this.channels.values()) channel.end()
    this.#settle()
  }
}

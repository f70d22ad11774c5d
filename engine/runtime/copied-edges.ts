/**
 * Edges whose records every worker of a shared stage gets: they are read from their queues in the run's thread and sent
 * to all, a few batches ahead of the slowest.
 */
import type { Channel } from './channel.ts'
import { Inbox } from './inbox.ts'
import type { PartPort, ToPart } from './part-protocol.ts'
import { packed } from './travelling.ts'

/** Batches that a worker may have been sent and not taken. */
const AHEAD = 8
/** Stays what it is, whatever is counted. */
const ENDED = -Infinity

/** An edge, and the nodes that its records come from and go to. */
export interface CopiedEdge {
  id: string
  from: string
  to: string
  channel: Channel
}

export class CopiedEdges {
  readonly #edges: readonly CopiedEdge[]
  /** What is read of each edge. */
  readonly #inboxes: readonly Inbox[]
  readonly #ports: readonly PartPort[]
  readonly #log: (node: string, text: string) => void
  /** By worker: batches on their way; ENDED for one that takes no more. */
  readonly #sent: number[]
  #wake: (() => void)[] = []

  /** @param log says something in a node's name */
  constructor(
    edges: readonly CopiedEdge[],
    ports: readonly PartPort[],
    log: (node: string, text: string) => void,
  ) {
    this.#log = log
    this.#edges = edges
    this.#inboxes = edges.map(({ channel }) => new Inbox([channel]))
    this.#ports = ports
    this.#sent = ports.map(() => 0)
  }

  /** Settles when all is sent, or after `leave`. @throws NodeFailure where records cannot travel */
  async send(): Promise<void> {
    await Promise.all(this.#edges.map((edge, at) => this.#sendEdge(edge, this.#inboxes[at]!)))
  }

  /** A worker has taken a batch. */
  taken(part: number): void {
    this.#sent[part]!--
    this.#wakeUp()
  }

  /** A worker takes nothing more. */
  ended(part: number): void {
    this.#sent[part] = ENDED
    this.#wakeUp()
  }

  /** Says something in the names of those who get the copies. */
  tell(text: string): void {
    for (const node of new Set(this.#edges.map(({ to }) => to))) this.#log(node, text)
  }

  /** Nobody needs any more of it. */
  leave(): void {
    this.#sent.fill(ENDED)
    for (const inbox of this.#inboxes) inbox.leave()
    this.#wakeUp()
  }

  async #sendEdge({ id, from }: CopiedEdge, inbox: Inbox): Promise<void> {
    for (;;) {
      const next = inbox.next()
      const batch = next instanceof Promise ? await next : next
      if (!batch) break
      const wanting = this.#ports.filter((_, at) => this.#sent[at] !== ENDED)
      const columns = wanting.some(({ isLocal }) => !isLocal) ? packed(from, batch) : batch
      for (const port of wanting) {
        this.#sent[this.#ports.indexOf(port)]!++
        const copy = port.isLocal ? batch : columns
        port.postMessage({ say: 'copy', edge: id, batch: copy } satisfies ToPart)
      }
      while (this.#sent.some((sent) => sent >= AHEAD))
        await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    for (const port of this.#ports) port.postMessage({ say: 'copy', edge: id } satisfies ToPart)
  }

  #wakeUp(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}

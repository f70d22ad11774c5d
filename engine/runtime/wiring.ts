/** Lays the edges of a run: direct calls inside a stage, channels between stages, queues for what part workers send. */
import type { Plan, PlanEdge } from '../host/protocol.ts'
import type { EncodedBatch } from '../spec/node.ts'
import { Channel, type Queued } from './channel.ts'
import { DirectNode } from './direct-node.ts'
import { Inbox } from './inbox.ts'
import type { EdgeMeters, MeterPage } from './meter.ts'
import type { RuntimeNode } from './runtime-node.ts'
import { Tap } from './tap.ts'

/** Bytes of an edge that carries encoded records are bounded, the records that they stand for are not. */
const ENCODED_BYTES = 16 * 1024 * 1024

export interface WiringParts {
  plan: Plan
  nodes: ReadonlyMap<string, RuntimeNode>
  meters: MeterPage
  taps: Map<string, Tap>
  /** Whether an edge is walked elsewhere alone. */
  isInner(edge: PlanEdge): boolean
  /** Where the queue of an edge goes that brings records from elsewhere. */
  leaving(edge: PlanEdge): Map<string, Channel<Queued>> | undefined
  /** Whether these come as bytes. */
  isEncoded(edge: PlanEdge): boolean
}

export class Wiring {
  readonly channels: Channel<Queued>[] = []
  readonly inboxes: Inbox<Queued>[] = []
  /** By edge. */
  readonly queues = new Map<string, Channel>()
  /** The channels into each "node.port". */
  readonly #inputs = new Map<string, Channel[]>()
  readonly #encoded = new Map<string, Channel<EncodedBatch>>()
  readonly #parts: WiringParts

  constructor(parts: WiringParts) {
    this.#parts = parts
    parts.plan.edges.forEach((edge, index) => {
      if (!parts.isInner(edge)) this.#lay(edge, parts.meters.edge(index))
    })
  }

  /** What a node reads at a port; made once for each. */
  inbox(node: string, port: string): Inbox {
    const inbox = new Inbox(this.#inputs.get(`${node}.${port}`) ?? [])
    this.inboxes.push(inbox as Inbox<Queued>)
    return inbox
  }

  /** What a consumer reads whose records come as bytes. */
  encodedInbox(node: string): Inbox<EncodedBatch> | undefined {
    const channel = this.#encoded.get(node)
    if (!channel) return undefined
    const inbox = new Inbox<EncodedBatch>([channel])
    this.inboxes.push(inbox as Inbox<Queued>)
    return inbox
  }

  #lay(edge: PlanEdge, meters: EdgeMeters): void {
    const { nodes, taps, leaving, isEncoded } = this.#parts
    const elsewhere = leaving(edge)
    if (elsewhere) {
      // Counted and shown by those who send it.
      elsewhere.set(edge.id, isEncoded(edge) ? this.#bytes(edge, meters) : this.#channel(edge, meters))
      return
    }
    const from = nodes.get(edge.from.node)!
    const to = nodes.get(edge.to.node)!
    const tap = new Tap()
    taps.set(edge.id, tap)
    const { lines } = from.outputs.get(edge.from.port)!
    if (edge.direct && to instanceof DirectNode) {
      const line = { receiver: to, meters, tap, wanted: true }
      to.feeders.push(() => from.lineUnwanted(line))
      lines.push(line)
      return
    }
    const channel = this.#channel(edge, meters)
    const receiver = { accept: channel.push.bind(channel), end: channel.end.bind(channel) }
    const line = { receiver, meters, tap, wanted: true }
    channel.onLeft = () => from.lineUnwanted(line)
    lines.push(line)
  }

  #channel(edge: PlanEdge, meters: EdgeMeters): Channel {
    const channel = new Channel(edge.capacity, meters)
    this.channels.push(channel)
    this.queues.set(edge.id, channel)
    const key = `${edge.to.node}.${edge.to.port}`
    this.#inputs.set(key, [...(this.#inputs.get(key) ?? []), channel])
    return channel
  }

  #bytes({ to }: PlanEdge, meters: EdgeMeters): Channel<EncodedBatch> {
    const channel = new Channel<EncodedBatch>({ records: Infinity, bytes: ENCODED_BYTES }, meters)
    this.channels.push(channel as Channel<Queued>)
    this.#encoded.set(to.node, channel)
    return channel
  }
}

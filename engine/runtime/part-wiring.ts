/**
 * Lays the edges of a part: calls to the nodes of its stage, queues before those that read by themselves, and the ways
 * out: bytes, records on their way to the run's thread, errors.
 */
import type { PlanEdge } from '../host/protocol.ts'
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Sieve } from '../spec/node.ts'
import { Channel } from './channel.ts'
import { DirectNode } from './direct-node.ts'
import { EncodedLine } from './encoded-line.ts'
import { NodeFailure } from './failure.ts'
import { Inbox } from './inbox.ts'
import { refuseToSend } from './may-travel.ts'
import type { EdgeLine, Receiver } from './output-port.ts'
import type { PartCopies } from './part-copies.ts'
import { PartFirsts } from './part-firsts.ts'
import type { PartOutput, PartSetup } from './part-work.ts'
import { RunNode } from './run-node.ts'
import type { RuntimeNode } from './runtime-node.ts'
import { Tap } from './tap.ts'
import { packed } from './travelling.ts'

/** Of a queue between two nodes of a part: nobody sees it, and whoever sends waits in the same thread. */
const CAPACITY = { records: 10_000, bytes: 4 * 1024 * 1024 }

export interface PartWiringParts {
  nodes: ReadonlyMap<string, RuntimeNode>
  copies: PartCopies
  out: PartOutput
}

export class PartWiring {
  readonly taps = new Map<string, Tap>()
  readonly encoders: EncodedLine[] = []
  readonly inboxes: Inbox[] = []
  readonly #setup: PartSetup
  readonly #given: PartWiringParts
  /** By edge: tells the sender that nobody reads it any more. */
  readonly #leaving = new Map<string, () => void>()
  /** The queues into each "node.port". */
  readonly #queues = new Map<string, Channel[]>()

  constructor(setup: PartSetup, given: PartWiringParts) {
    this.#setup = setup
    this.#given = given
    setup.plan.edges.forEach((edge, index) => this.#lay(edge, index))
    for (const node of given.nodes.values()) {
      if (!(node instanceof RunNode)) continue
      for (const port of Object.keys(node.type.ports.in)) {
        const inbox = new Inbox(this.#queues.get(`${node.id}.${port}`) ?? [])
        node.inboxes.set(port, inbox)
        this.inboxes.push(inbox)
      }
    }
  }

  /** Nobody reads an edge any more that leaves the part. */
  left(edge: string): void {
    this.#leaving.get(edge)?.()
  }

  #lay(edge: PlanEdge, index: number): void {
    const { nodes, copies, out } = this.#given
    const copied = copies.channels.get(edge.id)
    if (copied) return this.#queue(edge, copied)
    const from = nodes.get(edge.from.node)
    // What a fold makes is made by the merge.
    if (!from || (from.type.fold && edge.from.port === 'out')) return
    const tap = new Tap()
    this.taps.set(edge.id, tap)
    const meters = this.#setup.meters.edge(index)
    const to = nodes.get(edge.to.node)
    const queue =
      to instanceof RunNode
        ? new Channel(CAPACITY, { dropped: (records) => meters.dropped(records), queued: () => {} })
        : undefined
    const receiver = queue
      ? intake(queue)
      : to instanceof DirectNode || to instanceof PartFirsts
        ? to
        : this.#leavingBy(edge, out)
    const line: EdgeLine = { receiver, meters, tap, wanted: true }
    from.outputs.get(edge.from.port)!.lines.push(line)
    // What a fold holds is wanted by the merge, whoever reads what it refuses.
    const unwanted = from.type.fold ? () => void (line.wanted = false) : () => from.lineUnwanted(line)
    if (queue) {
      queue.onLeft = unwanted
      this.#queue(edge, queue)
    } else if (to instanceof DirectNode || to instanceof PartFirsts) to.feeders.push(unwanted)
    else this.#leaving.set(edge.id, unwanted)
  }

  #queue({ to }: PlanEdge, queue: Channel): void {
    const key = `${to.node}.${to.port}`
    this.#queues.set(key, [...(this.#queues.get(key) ?? []), queue])
  }

  #config(id: string): Record<string, unknown> {
    const { flow, registry } = this.#setup
    const { type, config } = flow.nodes[id]!
    return registry.get(type)!.config.parse(config ?? {})
  }

  #sieveFor(id: string): Sieve | undefined {
    const { flow, plan, registry } = this.#setup
    const isWired = (port: string) => plan.edges.some(({ from }) => from.node === id && from.port === port)
    return registry.get(flow.nodes[id]!.type)!.sieve?.(this.#config(id), isWired)
  }

  #leavingBy({ id, from, to }: PlanEdge, out: PartOutput): Receiver {
    const { encoded, flow, registry } = this.#setup
    if (!encoded.includes(id)) {
      const isPlain = from.port !== ERROR_PORT_NAME
      const sieve = isPlain ? this.#sieveFor(to.node) : undefined
      return {
        accept(batch, bytes) {
          if (!isPlain) return out.records(id, batch, bytes)
          if (!out.isLocal) return out.records(id, packed(from.node, batch, sieve), bytes)
          refuseToSend(from.node, batch)
          return out.records(id, batch, bytes)
        },
        end: () => {},
      }
    }
    const { encode } = registry.get(flow.nodes[to.node]!.type)!
    const line = new EncodedLine(encode!(this.#config(to.node))!, {
      header: () => out.header(id),
      send: (piece) => {
        try {
          return out.encoded(id, piece)
        } catch (error) {
          throw new NodeFailure(to.node, error)
        }
      },
    })
    this.encoders.push(line)
    return line
  }
}

function intake(queue: Channel): Receiver {
  return { accept: (batch, bytes) => queue.push(batch, bytes), end: () => queue.end() }
}

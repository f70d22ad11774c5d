/** One worker's shares of a stage in the row tier: the nodes' own loops, as in an unshared run, up to the folds. */
import type { PlanEdge } from '../host/protocol.ts'
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { Batch, Memory, Sieve } from '../spec/node.ts'
import { DirectNode } from './direct-node.ts'
import { NodeFailure } from './failure.ts'
import { LOOKS } from './looks.ts'
import { EncodedLine } from './encoded-line.ts'
import type { EdgeLine, Receiver } from './output-port.ts'
import { refuseToSend } from './may-travel.ts'
import { Pacer } from './pacer.ts'
import { PartFolds } from './part-folds.ts'
import type { PartOutput, PartSetup, PartWork } from './part-work.ts'
import { RunNode, STOPPED } from './run-node.ts'
import type { RuntimeNode, RunOwner } from './runtime-node.ts'
import { Tap } from './tap.ts'
import { packed } from './travelling.ts'

const TICK_MS = 100

/** Where what a part makes goes. */
interface PartHands {
  out: PartOutput
  folds: PartFolds
  pacer: Pacer
}

export class RowPart implements PartWork {
  readonly #setup: PartSetup
  readonly #memory: (node: string) => Memory
  readonly #memories: Memory[] = []
  readonly #nodes = new Map<string, RuntimeNode>()
  readonly #taps = new Map<string, Tap>()
  readonly #leaving = new Map<string, () => void>()
  /** Edges that nobody reads any more: maybe since before it began. */
  readonly #left = new Set<string>()
  readonly #encoders: EncodedLine[] = []
  readonly #owner: RunOwner
  #failure: { error: unknown } | undefined
  #over = false
  #stopping = false
  #toldToStopAt: number | undefined

  constructor(setup: PartSetup, memory: (node: string) => Memory) {
    this.#setup = setup
    this.#memory = (node) => {
      const one = memory(node)
      this.#memories.push(one)
      return one
    }
    const failed = () => this.#over || this.#failure !== undefined
    const stopped = () => failed() || this.#stopping || setup.meters.isStopAsked
    this.#owner = {
      fail: (error) => this.#failed(error),
      metered: setup.metered,
      looks: LOOKS,
      // What is not divided goes to the run in one step, and the run misses what does not come: see PartFolds.
      isLate: () => false,
      cutShort: () => {},
      get failed() {
        return failed()
      },
      get endState() {
        return stopped() ? 'stopped' : 'done'
      },
    }
  }

  async run(parts: AsyncIterable<unknown>, out: PartOutput): Promise<void> {
    const pacer = new Pacer()
    const folds = new PartFolds(out, pacer, () => this.#stoppedAt)
    const head = this.#build(this.#flushing(parts), { out, folds, pacer })
    if (this.#stopping || this.#over) head.endEarly(STOPPED)
    const ticker = setInterval(() => this.#tick(), TICK_MS)
    ticker.unref?.()
    try {
      await head.start(this.#config(head.id))
    } finally {
      clearInterval(ticker)
      this.#tick()
    }
    if (!this.#owner.failed) await this.#flush()
    if (!this.#owner.failed) await folds.send()
    for (const node of this.#nodes.values()) node.meters.setState(this.#owner.endState)
    if (this.#failure) throw this.#failure.error
  }

  /** What came of one share is all sent before the next one begins. */
  async *#flushing(parts: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const part of parts) {
      yield part
      await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    await Promise.all(this.#encoders.map((encoder) => encoder.flush()))
  }

  get #stoppedAt(): number | undefined {
    return this.#setup.meters.stopAskedAt ?? this.#toldToStopAt
  }

  stop(): void {
    this.#stopping = true
    this.#toldToStopAt ??= performance.now()
    this.#head?.endEarly(STOPPED)
  }

  fail(): void {
    this.#over = true
    this.#head?.endEarly('another part of the run failed')
  }

  left(edge: string): void {
    this.#left.add(edge)
    this.#leaving.get(edge)?.()
  }

  cede(least: number): unknown | undefined {
    // Those who have to go to the disk wait for it, and another state would have to be merged from there.
    const onDisk = this.#memories.some((memory) => memory.onDisk)
    // Who holds much divides it among all in the end, which takes one state of each.
    const isMuch = [...this.#nodes.values()].some((node) => node instanceof DirectNode && node.holdsMuch)
    return this.#stopping || this.#owner.failed || onDisk || isMuch ? undefined : this.#head?.cede(least)
  }

  tap(edge: string, limit: number): Batch | undefined {
    return this.#taps.get(edge)?.last(limit)
  }

  came(): Record<string, number> {
    const direct = [...this.#nodes.values()].filter((node) => node instanceof DirectNode)
    return Object.fromEntries(direct.map((node) => [node.id, node.came]))
  }

  get #head(): RunNode | undefined {
    return this.#nodes.get(this.#setup.nodes[0]!) as RunNode | undefined
  }

  #failed(error: unknown): void {
    this.#failure ??= { error }
    this.#head?.endEarly('another node of the flow failed')
  }

  #tick(): void {
    const now = performance.now()
    for (const node of this.#nodes.values()) node.tick(now)
  }

  #config(id: string): Record<string, unknown> {
    const { flow, registry } = this.#setup
    const { type, config } = flow.nodes[id]!
    return registry.get(type)!.config.parse(config ?? {})
  }

  #build(shares: AsyncIterable<unknown>, { out, folds, pacer }: PartHands): RunNode {
    const { flow, plan, nodes, registry, io, clock, meters } = this.#setup
    const owner = this.#owner
    const [headId, ...rest] = nodes
    const metersOf = (id: string) => meters.node(plan.nodes.findIndex((node) => node.id === id))
    const typeOf = (id: string) => registry.get(flow.nodes[id]!.type)!
    const head = new RunNode(headId!, typeOf(headId!), metersOf(headId!), {
      clock,
      io,
      memory: this.#memory(headId!),
      pacer,
      result: { append: () => {} },
      owner,
      shares,
    })
    this.#nodes.set(head.id, head)
    const behind = rest.map((id) => new DirectNode(id, typeOf(id), metersOf(id), owner))
    for (const node of behind) this.#nodes.set(node.id, node)
    head.stage = behind
    this.#wire(out)
    for (const node of behind) {
      node.prepare(
        { node: node.id, config: this.#config(node.id), clock, io, memory: this.#memory(node.id) },
        performance.now(),
        node.type.fold && ((folding, ending) => folds.add(ending, folding)),
      )
    }
    return head
  }

  #wire(out: PartOutput): void {
    this.#setup.plan.edges.forEach((edge, index) => {
      const from = this.#nodes.get(edge.from.node)
      // What a fold makes is made by the merge.
      if (!from || (from.type.fold && edge.from.port === 'out')) return
      const tap = new Tap()
      this.#taps.set(edge.id, tap)
      const to = this.#nodes.get(edge.to.node)
      const receiver = to instanceof DirectNode ? to : this.#leavingBy(edge, out)
      const line: EdgeLine = { receiver, meters: this.#setup.meters.edge(index), tap, wanted: true }
      from.outputs.get(edge.from.port)!.lines.push(line)
      // What a fold holds is wanted by the merge, whoever reads what it refuses.
      const unwanted = from.type.fold ? () => void (line.wanted = false) : () => from.lineUnwanted(line)
      if (to instanceof DirectNode) to.feeders.push(unwanted)
      else this.#leaving.set(edge.id, unwanted)
    })
    for (const edge of this.#left) this.#leaving.get(edge)?.()
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
    this.#encoders.push(line)
    return line
  }
}

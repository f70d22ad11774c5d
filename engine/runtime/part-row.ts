/** One worker's shares of a stage in the row tier: the nodes' own loops, as in an unshared run, up to the folds. */
import type { Batch, Memory } from '../spec/node.ts'
import { DirectNode } from './direct-node.ts'
import { RunFailed } from './failure.ts'
import { LOOKS } from './looks.ts'
import { Pacer } from './pacer.ts'
import { PartCopies } from './part-copies.ts'
import { PartFirsts } from './part-firsts.ts'
import { PartFolds } from './part-folds.ts'
import { PartWiring } from './part-wiring.ts'
import type { PartOutput, PartSetup, PartWork } from './part-work.ts'
import { RestOf } from './rest-of.ts'
import { RunNode, STOPPED } from './run-node.ts'
import type { RuntimeNode, RunOwner } from './runtime-node.ts'

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
  #wiring: PartWiring | undefined
  /** Edges that nobody reads any more: maybe since before it began. */
  readonly #left = new Set<string>()
  readonly #copies: PartCopies
  readonly #owner: RunOwner
  #failure: { error: unknown } | undefined
  #over = false
  /** Whether it is the first part of the stage; unknown before it runs. */
  #isFirst: boolean | undefined
  #stopping = false
  #toldToStopAt: number | undefined

  constructor(setup: PartSetup, memory: (node: string) => Memory) {
    this.#setup = setup
    this.#copies = new PartCopies(setup.copies)
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
    const head = this.#build(this.#flushing(parts, out), { out, folds, pacer })
    if (this.#stopping || this.#over) head.endEarly(STOPPED)
    const ticker = setInterval(() => this.#tick(), TICK_MS)
    ticker.unref?.()
    try {
      const running = [...this.#nodes.values()].filter((node) => node instanceof RunNode)
      await Promise.all(running.map((node) => node.start(this.#config(node.id))))
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
  async *#flushing(parts: AsyncIterable<unknown>, out: PartOutput): AsyncGenerator<unknown> {
    if (this.#copies.any && !(await this.#begins(out))) return
    for await (const part of parts) {
      if (part instanceof RestOf) await this.#firsts(part.node).sendRest(part)
      else yield part
      await this.#flush()
      // The share is not through: what failed is still to be told.
      if (this.#owner.failed) return
    }
  }

  /** Waits until all parts have what they hold copies of. False where another one does all shares. */
  async #begins(out: PartOutput): Promise<boolean> {
    await this.#copies.taken
    // What has failed is told when this has ended: nobody waits for the others.
    if (this.#owner.failed) return false
    if (await out.ready(this.#isOnDisk)) return true
    this.#copies.end()
    this.#endEarly('another worker does all of it')
    return false
  }

  get #isOnDisk(): boolean {
    return this.#memories.some((memory) => memory.onDisk)
  }

  async #flush(): Promise<void> {
    // Each behind those that feed it.
    for (const node of this.#nodes.values()) if (node instanceof PartFirsts) await node.flush()
    await Promise.all(this.#wiring!.encoders.map((encoder) => encoder.flush()))
  }

  get #stoppedAt(): number | undefined {
    return this.#setup.meters.stopAskedAt ?? this.#toldToStopAt
  }

  stop(): void {
    this.#stopping = true
    this.#toldToStopAt ??= performance.now()
    this.#endEarly(STOPPED)
    this.#copies.end()
  }

  fail(): void {
    this.#over = true
    this.#endEarly('another part of the run failed')
    this.#failReads()
  }

  copy(edge: string, batch: Batch | undefined): void | Promise<void> {
    const room = this.#copies.take(edge, batch)
    // The first one goes on: it may have to do it all, with the memory of all.
    if (this.#isOnDisk && this.#isFirst === false) this.#copies.end()
    return room
  }

  decided(node: string, said: Uint8Array): void {
    this.#firsts(node).decided(said)
  }

  #firsts(node: string): PartFirsts {
    return this.#nodes.get(node) as PartFirsts
  }

  giveUp(): void {
    this.#copies.end()
  }

  #endEarly(reason: string): void {
    for (const node of this.#nodes.values())
      if (node instanceof RunNode || node instanceof PartFirsts) node.endEarly(reason)
  }

  /** Nothing that is still to come is the end of anything. */
  #failReads(): void {
    for (const inbox of this.#wiring?.inboxes ?? []) inbox.fail(new RunFailed())
    this.#copies.end()
  }

  left(edge: string): void {
    this.#left.add(edge)
    this.#wiring?.left(edge)
  }

  cede(least: number): unknown | undefined {
    // Those who have to go to the disk wait for it, and another state would have to be merged from there.
    const onDisk = this.#isOnDisk
    // Who holds much divides it among all in the end, which takes one state of each.
    const isMuch = [...this.#nodes.values()].some((node) => node instanceof DirectNode && node.holdsMuch)
    return this.#stopping || this.#owner.failed || onDisk || isMuch ? undefined : this.#head?.cede(least)
  }

  tap(edge: string, limit: number): Batch | undefined {
    return this.#wiring?.taps.get(edge)?.last(limit)
  }

  came(): Record<string, number> {
    const [, ...behind] = this.#nodes.values() as Iterable<RunNode | DirectNode | PartFirsts>
    return Object.fromEntries(behind.map((node) => [node.id, node.came]))
  }

  get #head(): RunNode | undefined {
    return this.#nodes.get(this.#setup.nodes[0]!) as RunNode | undefined
  }

  #failed(error: unknown): void {
    this.#failure ??= { error }
    this.#endEarly('another node of the flow failed')
    this.#failReads()
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
    const metersOf = (id: string) => meters.node(plan.nodes.findIndex((node) => node.id === id))
    const typeOf = (id: string) => registry.get(flow.nodes[id]!.type)!
    const result = { append: () => {} }
    const copiesTo = (id: string) =>
      plan.edges
        .filter((edge) => edge.to.node === id && this.#copies.channels.has(edge.id))
        .map((edge) => edge.id)
    const isFirst = out.exchange.part === 0
    this.#isFirst = isFirst
    nodes.forEach((id, at) => {
      const type = typeOf(id)
      const spread = type.spread?.(this.#config(id))
      const wasRead = () => this.#copies.wereRead(copiesTo(id))
      const node =
        at === 0 || spread
          ? new RunNode(id, type, metersOf(id), {
              clock,
              io,
              pacer,
              result,
              owner,
              memory: this.#memory(id),
              ...(at === 0 && { shares }),
              ...(spread && { spread: { ...spread, isFirst, wasRead } }),
            })
          : type.firsts
            ? new PartFirsts(id, type, metersOf(id), {
                firsts: type.firsts(this.#config(id)),
                out,
                pacer,
                owner,
              })
            : new DirectNode(id, type, metersOf(id), owner)
      this.#nodes.set(id, node)
    })
    this.#wiring = new PartWiring(this.#setup, { nodes: this.#nodes, copies: this.#copies, out })
    for (const edge of this.#left) this.#wiring.left(edge)
    this.#setStages()
    for (const node of this.#nodes.values()) {
      if (!(node instanceof DirectNode)) continue
      node.prepare(
        { node: node.id, config: this.#config(node.id), clock, io, memory: this.#memory(node.id) },
        performance.now(),
        node.type.fold && ((folding, ending) => folds.add(ending, folding)),
      )
    }
    return this.#head!
  }

  /** Nodes that are called directly wait when whoever calls them does. */
  #setStages(): void {
    const { plan } = this.#setup
    const callers = new Map<string, RunNode>()
    for (const node of this.#nodes.values()) {
      if (node instanceof RunNode) callers.set(node.id, node)
      else {
        const edge = plan.edges.find(({ from, to }) => to.node === node.id && callers.has(from.node))!
        const caller = callers.get(edge.from.node)!
        caller.stage.push(node)
        callers.set(node.id, caller)
      }
    }
  }
}

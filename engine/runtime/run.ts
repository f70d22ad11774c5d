/**
 * One execution of a planned flow, in the thread that calls it. The host starts it inside a worker; tests start it
 * directly with a virtual clock.
 *
 * Phases:  running ──all nodes ended──▶ done
 *          running ──stop()──▶ stopping ──all nodes settled──▶ stopped
 *          running | stopping ──a node fails──▶ failed (once all nodes have settled)
 */
import type { Flow, Plan, RunError, RunPhase } from '../host/protocol.ts'
import type { AnyNodeType, Batch, Clock, NodeIo, ResultSink } from '../spec/node.ts'
import { DEFAULT_MEMORY_MB, RunMemory } from '../spill/run-memory.ts'
import { Channel } from './channel.ts'
import { realClock } from './clock.ts'
import { DirectNode } from './direct-node.ts'
import { RunFailed, runErrorOf } from './failure.ts'
import { driveHead } from './head-loop.ts'
import { Inbox } from './inbox.ts'
import { MeterPage } from './meter.ts'
import { Pacer } from './pacer.ts'
import { runsItself } from '../plan/flow-graph.ts'
import { planFlow } from '../plan/plan.ts'
import { RowStore } from './row-store.ts'
import { RunNode, STOPPED } from './run-node.ts'
import type { RuntimeNode, RunOwner } from './runtime-node.ts'
import { Tap } from './tap.ts'

export interface RunSetup {
  /** A flow in which `validateFlow` found no errors. */
  flow: Flow
  registry: ReadonlyMap<string, AnyNodeType>
  io: NodeIo
  plan?: Plan
  clock?: Clock
  /** What the nodes that hold records may take together; absent: 256 MB. */
  memoryMb?: number
  /** Shared memory that the host reads; absent makes a page of its own. */
  meters?: SharedArrayBuffer
  /** False: count nothing and keep no records of the wires. */
  metered?: boolean
  /** Gets every row of one `table`, beside its row store. */
  stream?: { node: string; sink: ResultSink }
}

export interface Outcome {
  phase: Extract<RunPhase, 'done' | 'stopped' | 'failed'>
  error?: RunError
}

/** Default bounds of a row store for nodes that name none. */
const ROWS = { limit: 100_000, last: 1000 }
const TICK_MS = 100

export class Run implements RunOwner {
  readonly plan: Plan
  readonly meters: MeterPage
  readonly metered: boolean
  /** Settles when every node has; never rejects. */
  readonly ended: Promise<Outcome>
  readonly #nodes = new Map<string, RuntimeNode>()
  readonly #channels: Channel[] = []
  readonly #inboxes: Inbox[] = []
  readonly #taps = new Map<string, Tap>()
  readonly #rows = new Map<string, RowStore>()
  readonly #memory: RunMemory
  #failure: { error: unknown } | undefined
  #stopping = false

  constructor(setup: RunSetup) {
    const { flow, registry } = setup
    this.plan = setup.plan ?? planFlow(flow, registry)
    this.meters = new MeterPage(this.plan, setup.meters)
    const holders = this.plan.nodes.filter(({ type }) => registry.get(type)!.laws.holds === 'all').length
    this.#memory = new RunMemory({
      limitMb: setup.memoryMb ?? DEFAULT_MEMORY_MB,
      shares: holders,
      guard: (path) => setup.io.guard(path),
    })
    this.metered = setup.metered ?? true
    this.ended = this.#run(setup)
  }

  get failed(): boolean {
    return this.#failure !== undefined
  }

  get endState(): 'done' | 'stopped' {
    return this.failed || this.#stopping ? 'stopped' : 'done'
  }

  /** The last records of an edge; undefined where the run has no such edge. */
  tap(edge: string, limit: number): Batch | undefined {
    return this.#taps.get(edge)?.last(limit)
  }
  rows(node: string): RowStore | undefined {
    return this.#rows.get(node)
  }

  /** Sources end now, what waits in queues is dropped and counted, folds finish with what they have, consumers close. */
  stop(): void {
    if (this.#stopping || this.failed) return
    this.#stopping = true
    this.#endSources()
    for (const channel of this.#channels) channel.discard()
  }

  #endSources(): void {
    for (const node of this.#nodes.values()) {
      if (node instanceof RunNode && node.type.kind !== 'consumer') node.endEarly(STOPPED)
    }
  }

  fail(error: unknown): void {
    if (this.#failure) return
    this.#failure = { error }
    const failed = new RunFailed()
    for (const node of this.#nodes.values()) if (node instanceof RunNode) node.endEarly(failed.message)
    for (const inbox of this.#inboxes) inbox.fail(failed)
    for (const channel of this.#channels) channel.discard()
  }

  async #run(setup: RunSetup): Promise<Outcome> {
    // Callers get the object first; nothing of the run happens inside the constructor.
    await Promise.resolve()
    const pacer = new Pacer()
    const ticker = setInterval(() => this.#tick(), TICK_MS)
    ticker.unref?.()
    try {
      const heads = this.#build(setup, pacer)
      // Stopped before it began.
      if (this.#stopping) this.#endSources()
      await Promise.all(heads.map((start) => start()))
    } catch (error) {
      this.fail(error)
    } finally {
      clearInterval(ticker)
    }
    this.#tick()
    for (const node of this.#nodes.values()) node.meters.setState(this.endState)
    this.#memory.close()
    if (this.#failure) return { phase: 'failed', error: runErrorOf(this.#failure.error) }
    return { phase: this.#stopping ? 'stopped' : 'done' }
  }

  #tick(): void {
    const now = performance.now()
    for (const node of this.#nodes.values()) node.tick(now)
  }

  /** Makes nodes and wires them. Returns the heads, ready to start. */
  #build(setup: RunSetup, pacer: Pacer): (() => Promise<void>)[] {
    const { flow, registry, io } = setup
    const clock = setup.clock ?? realClock
    const configs = new Map<string, Record<string, unknown>>()
    this.plan.nodes.forEach(({ id }, index) => {
      const { type: name, config } = flow.nodes[id]!
      const type = registry.get(name)!
      const parsed = type.config.parse(config ?? {}) as Record<string, unknown>
      configs.set(id, parsed)
      const meters = this.meters.node(index)
      const result = this.#resultSink(id, type, parsed, setup.stream)
      const node = runsItself(type)
        ? new RunNode(id, type, meters, { clock, io, memory: this.#memory.share(), pacer, result, owner: this })
        : new DirectNode(id, type, meters, this)
      this.#nodes.set(id, node)
    })

    const inputs = this.#wire()
    for (const node of this.#nodes.values()) {
      if (node instanceof DirectNode)
        node.prepare({ node: node.id, config: configs.get(node.id)!, clock, io, memory: this.#memory.share() }, performance.now())
    }
    return this.plan.stages.map(({ nodes: [head, ...rest] }) => {
      const node = this.#nodes.get(head!)!
      if (node instanceof RunNode) {
        node.stage = rest.map((id) => this.#nodes.get(id)!)
        for (const port of Object.keys(node.type.ports.in)) {
          const inbox = new Inbox(inputs.get(`${head}.${port}`) ?? [])
          this.#inboxes.push(inbox)
          node.inboxes.set(port, inbox)
        }
        return () => node.start(configs.get(head!)!)
      }
      const [port] = Object.keys(node.type.ports.in)
      const inbox = new Inbox(inputs.get(`${head}.${port}`) ?? [])
      this.#inboxes.push(inbox)
      return () => driveHead(node as DirectNode, inbox, pacer, this)
    })
  }

  /** Lays the edges; returns the channels into each "node.port". */
  #wire(): Map<string, Channel[]> {
    const inputs = new Map<string, Channel[]>()
    this.plan.edges.forEach((edge, index) => {
      const from = this.#nodes.get(edge.from.node)!
      const to = this.#nodes.get(edge.to.node)!
      const meters = this.meters.edge(index)
      const tap = new Tap()
      this.#taps.set(edge.id, tap)
      const port = from.outputs.get(edge.from.port)!
      if (edge.direct && to instanceof DirectNode) {
        const line = { receiver: to, meters, tap, wanted: true }
        to.feeders.push(() => from.lineUnwanted(line))
        port.lines.push(line)
        return
      }
      const channel = new Channel(edge.capacity, meters)
      this.#channels.push(channel)
      const receiver = { accept: channel.push.bind(channel), end: channel.end.bind(channel) }
      const line = { receiver, meters, tap, wanted: true }
      channel.onLeft = () => from.lineUnwanted(line)
      port.lines.push(line)
      const key = `${edge.to.node}.${edge.to.port}`
      inputs.set(key, [...(inputs.get(key) ?? []), channel])
    })
    return inputs
  }

  #resultSink(
    id: string,
    type: AnyNodeType,
    config: Record<string, unknown>,
    stream: RunSetup['stream'],
  ): ResultSink {
    if (type.look.view !== 'table') return { append: () => {} }
    const bound = (value: unknown, initial: number) => (typeof value === 'number' ? value : initial)
    const store = new RowStore(bound(config['limit'], ROWS.limit), bound(config['last'], ROWS.last))
    this.#rows.set(id, store)
    if (stream?.node !== id) return store
    return {
      append(batch) {
        store.append(batch)
        return stream.sink.append(batch)
      },
    }
  }
}

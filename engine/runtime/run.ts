/**
 * One execution of a planned flow, in the thread that calls it. The host starts it inside a worker; tests start it
 * directly with a virtual clock.
 *
 * Phases:  running ──all nodes ended──▶ done
 *          running ──stop()──▶ stopping ──all nodes settled──▶ stopped
 *          running | stopping ──a node fails──▶ failed (once all nodes have settled)
 */
import type { Plan } from '../host/protocol.ts'
import { planWork } from '../plan/plan.ts'
import type { SqlStage } from '../plan/run-plan.ts'
import type { Batch, Setup } from '../spec/node.ts'
import { DEFAULT_MEMORY_MB, RunMemory } from '../spill/run-memory.ts'
import { realClock } from './clock.ts'
import type { CopiedEdge } from './copied-edges.ts'
import { DirectNode } from './direct-node.ts'
import { RunFailed, runErrorOf } from './failure.ts'
import { driveHead } from './head-loop.ts'
import { LOOKS, type Looks } from './looks.ts'
import { memoryHolders } from './memory-holders.ts'
import { MergeNode } from './merge-node.ts'
import { MeterPage } from './meter.ts'
import { Pacer } from './pacer.ts'
import { runsItself } from '../plan/flow-graph.ts'
import type { MergeContext } from './part-work.ts'
import { resultSink } from './result-sink.ts'
import type { RowStore } from './row-store.ts'
import { RunNode, STOPPED } from './run-node.ts'
import { FINISH_MS, LEAST_FINISH_MS, type Outcome, type RunSetup } from './run-setup.ts'
import type { RuntimeNode, RunOwner } from './runtime-node.ts'
import { shareStages, type SharedStages, type StageStart } from './share-stages.ts'
import { SqlStages } from './sql-stages.ts'
import { sortedInputs } from './sorted-input.ts'
import { Tap } from './tap.ts'
import { tierWork } from './tier-work.ts'
import { Wiring } from './wiring.ts'

export type { Outcome, RunSetup } from './run-setup.ts'

const TICK_MS = 100

type GivenSetup = Omit<Setup<Record<string, unknown>>, 'enough'>

export class Run implements RunOwner {
  readonly plan: Plan
  readonly meters: MeterPage
  readonly metered: boolean
  readonly looks: Looks
  /** Settles when every node has; never rejects. */
  readonly ended: Promise<Outcome>
  readonly #nodes = new Map<string, RuntimeNode>()
  #wiring: Wiring | undefined
  readonly #taps = new Map<string, Tap>()
  readonly #rows = new Map<string, RowStore>()
  readonly #memory: RunMemory
  readonly #shared: SharedStages
  readonly #sql: SqlStages
  #failure: { error: unknown } | undefined
  readonly #cutShort: NonNullable<Outcome['cutShort']> = []
  readonly #finishMs: number
  #stoppedAt: number | undefined

  constructor(setup: RunSetup) {
    const { flow, registry } = setup
    const work = setup.work ?? planWork(flow, registry, {})
    this.plan = work.plan
    this.#shared = shareStages(work, setup.parts, this)
    this.#sql = new SqlStages(work)
    this.meters = new MeterPage(this.plan, setup.meters)
    this.#memory = new RunMemory({
      limitMb: setup.memoryMb ?? DEFAULT_MEMORY_MB,
      holders: memoryHolders(this.plan, flow, registry),
      workers: setup.parts?.size
        ? 1 + Math.max(...[...setup.parts.values()].map((ports) => ports.length))
        : 1,
      guard: (path) => setup.io.guard(path),
    })
    this.metered = setup.metered ?? true
    this.looks = setup.looks ?? LOOKS
    this.#finishMs = setup.finishMs ?? FINISH_MS
    this.ended = this.#run(setup)
  }

  get failed(): boolean {
    return this.#failure !== undefined
  }

  get endState(): 'done' | 'stopped' {
    return this.failed || this.#isStopped ? 'stopped' : 'done'
  }
  isLate(since: number): boolean {
    if (this.#stoppedAt === undefined) return false
    const now = performance.now()
    const least = Math.min(LEAST_FINISH_MS, this.#finishMs)
    return now - this.#stoppedAt >= this.#finishMs && now - since >= least
  }
  /** Loops may have ended by what the page says before this run was told. */
  get #isStopped(): boolean {
    return this.#stoppedAt !== undefined || this.meters.isStopAsked
  }

  /** The last records of an edge; undefined where the run has no such edge. */
  tap(edge: string, limit: number): Batch | undefined {
    return this.#taps.get(edge)?.last(limit)
  }
  rows(node: string): RowStore | undefined {
    return this.#rows.get(node)
  }

  /**
   * Sources end now, what waits in queues is dropped and counted, folds finish with what they have as far as that takes
   * no time to speak of, consumers close.
   */
  stop(): void {
    if (this.#stoppedAt !== undefined || this.failed) return
    this.#stoppedAt = this.meters.stopAskedAt ?? performance.now()
    this.#endSources()
    for (const channel of this.#wiring?.channels ?? []) channel.discard()
  }

  #endSources(): void {
    for (const node of this.#nodes.values()) {
      if (!(node instanceof RunNode)) continue
      // A consumer closes what it writes; one that has read nothing may still wait for somebody to write to.
      if (node.type.kind !== 'consumer' || !node.hasRead) node.endEarly(STOPPED)
    }
    this.#shared.stop()
    this.#sql.stop()
  }

  cutShort(node: string, records?: number): void {
    if (this.#cutShort.some((known) => known.node === node)) return
    this.#cutShort.push({ node, ...(records !== undefined && { records }) })
  }

  fail(error: unknown): void {
    if (this.#failure) return
    this.#failure = { error }
    const failed = new RunFailed()
    for (const node of this.#nodes.values()) if (node instanceof RunNode) node.endEarly(failed.message)
    this.#shared.fail()
    this.#sql.stop()
    for (const inbox of this.#wiring?.inboxes ?? []) inbox.fail(failed)
    for (const channel of this.#wiring?.channels ?? []) channel.discard()
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
      if (this.#stoppedAt !== undefined) this.#endSources()
      await Promise.all(heads.map((start) => start()))
    } catch (error) {
      this.fail(error)
    } finally {
      clearInterval(ticker)
    }
    this.#tick()
    this.plan.nodes.forEach(({ id }, index) => {
      const meters = this.meters.node(index)
      // Those that another thread runs end there.
      if (this.#nodes.has(id) || meters.get('state') > 0) meters.setState(this.endState)
    })
    this.#memory.close()
    if (this.#failure) return { phase: 'failed', error: runErrorOf(this.#failure.error) }
    if (!this.#isStopped) return { phase: 'done' }
    return { phase: 'stopped', ...(this.#cutShort.length > 0 && { cutShort: this.#cutShort }) }
  }

  #tick(): void {
    this.meters.beat()
    const now = performance.now()
    for (const node of this.#nodes.values()) node.tick(now)
  }

  /** Makes nodes and wires them. Returns the heads, ready to start. */
  #build(setup: RunSetup, pacer: Pacer): (() => Promise<void>)[] {
    const { flow, registry, io } = setup
    const clock = setup.clock ?? realClock
    const given = new Map<string, GivenSetup>()
    this.plan.nodes.forEach(({ id }, index) => {
      if (this.#shared.isElsewhere(id) || this.#sql.isElsewhere(id)) return
      const { type: name, config } = flow.nodes[id]!
      const type = registry.get(name)!
      const parsed = type.config.parse(config ?? {}) as Record<string, unknown>
      // What is merged here is held by the parts, too; any other node has what it holds to itself.
      const memory = this.#shared.merges(id) ? this.#memory.share(id) : this.#memory.share(id, 1)
      given.set(id, { node: id, config: parsed, clock, io, memory })
      const meters = this.meters.node(index)
      if (this.#shared.merges(id) || this.#sql.isLast(id)) {
        this.#nodes.set(id, new MergeNode(id, type, meters, { owner: this, pacer }))
        return
      }
      const { sink: result, store } = resultSink(id, type, parsed, setup.stream)
      if (store) this.#rows.set(id, store)
      const node = runsItself(type)
        ? new RunNode(id, type, meters, { clock, io, memory, pacer, result, owner: this })
        : new DirectNode(id, type, meters, this)
      this.#nodes.set(id, node)
    })

    const wiring = new Wiring({
      plan: this.plan,
      nodes: this.#nodes,
      meters: this.meters,
      taps: this.#taps,
      isInner: (edge) => this.#shared.isInner(edge) || this.#sql.isInner(edge),
      leaving: (edge) => this.#shared.leaving(edge) ?? this.#sql.leaving(edge),
      isEncoded: (edge) => this.#shared.isEncoded(edge),
    })
    this.#wiring = wiring
    const sorted = sortedInputs(this.plan.edges, (id) => {
      const setup = given.get(id)
      return setup && { type: registry.get(flow.nodes[id]!.type)!, config: setup.config }
    })
    for (const node of this.#nodes.values()) {
      if (!(node instanceof DirectNode)) continue
      node.pacer = pacer
      node.prepare({ ...given.get(node.id)!, sortedBy: sorted.get(node.id) }, performance.now())
    }
    const starts = this.plan.stages.map(({ nodes: [head, ...rest] }, stage) => {
      const node = this.#nodes.get(head!)
      if (this.#shared.has(stage)) return () => this.#startShared(stage, setup, given)
      const sql = this.#sql.at(stage)
      if (sql) return () => this.#startSql(sql, setup)
      if (node instanceof RunNode) {
        node.stage = rest.map((id) => this.#nodes.get(id)!)
        for (const port of Object.keys(node.type.ports.in)) node.inboxes.set(port, wiring.inbox(head!, port))
        node.encoded = wiring.encodedInbox(head!)
        return () => node.start(given.get(head!)!.config)
      }
      // Called directly by the merge before it.
      if (this.plan.edges.some(({ direct, to }) => direct && to.node === head)) return () => Promise.resolve()
      const [port] = Object.keys(node!.type.ports.in)
      const inbox = wiring.inbox(head!, port!)
      return () => driveHead(node as DirectNode, inbox, pacer, this)
    })
    return starts
  }

  #startShared(stage: number, setup: RunSetup, given: ReadonlyMap<string, GivenSetup>): Promise<void> {
    const { flow, registry, io } = setup
    const { plan } = this
    const { nodes, tier } = plan.stages[stage]!
    const context = this.#mergeContext()
    const copied = (id: string): CopiedEdge => {
      const { from, to } = plan.edges.find((edge) => edge.id === id)!
      return { id, from: from.node, to: to.node, channel: this.#wiring!.queues.get(id)! }
    }
    const merge: StageStart['merge'] = async (id, states, shared) => {
      const node = this.#nodes.get(id) as MergeNode
      const records = await tierWork(tier).merge({
        flow,
        plan,
        stage,
        nodes: shared.nodes,
        program: shared.program,
        registry,
        io,
        node: given.get(id)!,
      })
      return node.start(records, states, context)
    }
    const log = (node: string, text: string) => io.log(node, text)
    const memory = (node: string) => this.#memory.share(node, 1)
    return this.#shared.start(stage, { head: context.meters(nodes[0]!), copied, memory, merge, log })
  }

  #startSql(stage: SqlStage, { flow, registry, io, memoryMb = DEFAULT_MEMORY_MB }: RunSetup): Promise<void> {
    const node = this.#nodes.get(stage.nodes.at(-1)!) as MergeNode
    const limits = { memoryMb, folder: () => this.#memory.folder() }
    return this.#sql.start(stage, node, {
      setup: { flow, registry, io, limits, metered: this.metered },
      context: this.#mergeContext(),
    })
  }

  #mergeContext(): Omit<MergeContext, 'signal'> {
    return {
      meters: (node) => this.meters.node(this.plan.nodes.findIndex(({ id }) => id === node)),
      edge: (edge) => this.meters.edge(this.plan.edges.findIndex(({ id }) => id === edge)),
      show: (edge, batch) => {
        const tap = this.#taps.get(edge) ?? new Tap()
        this.#taps.set(edge, tap)
        tap.push(batch)
      },
    }
  }
}

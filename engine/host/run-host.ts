/**
 * Starts a flow in a worker thread and watches it: meters, taps, rows, stop (by force where user code never
 * returns), crash and out-of-memory. Used by the session (app, `weir serve`) and by `weir run`.
 */
import { rmSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { codeSnippets } from '../flow/code.ts'
import { migrateNodes } from '../flow/migrate.ts'
import { nodeTypes } from '../nodes/index.ts'
import { planWork } from '../plan/plan.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { MeterPages } from '../runtime/meter.ts'
import type { Outcome } from '../runtime/run.ts'
import type { WorkerHost } from '../runtime/worker-protocol.ts'
import { createRegistry } from '../spec/registry.ts'
import { removeAbandonedRuns } from '../spill/run-memory.ts'
import { crashError, exhaustedError } from './crash-error.ts'
import { watchMemory } from './memory-watch.ts'
import type { Flow, Frame, LogLine, Plan, RunPhase, RunState } from './protocol.ts'
import type { RowsReply, RunHandle, RunLimits, RunOptions, TapReply } from './run-handle.ts'
import { UncaughtError } from './run-thread.ts'
import { partsOf, RunThreads, type DeadThread } from './run-threads.ts'
import { defaultHeapLimitMb } from './run-worker.ts'
import { SqlLooks } from './sql-looks.ts'
import { cutShortText, stopInOrder } from './stop-in-order.ts'
import { ThreadWatch } from './thread-watch.ts'
import { limitsFor } from './usual-limits.ts'
import { within } from './within.ts'

export type { RowsReply, RunHandle, RunLimits, RunOptions, TapReply } from './run-handle.ts'

/** How long a look at rows or taps waits for a busy worker. */
const LOOK_MS = 2000
/** How long the end of a run waits for what code has written to its console. */
const FLUSH_MS = 5000
/** The same where a run did not come to its end, and a thread may still be in code that never comes back. */
const STUCK_MS = 100

const registry = createRegistry(nodeTypes)

/** How the flow would be run here and now. */
export function planRun(options: Pick<RunOptions, 'flow' | 'baseDir'> & RunLimits): Plan {
  return workOf(migrateNodes(options.flow, registry).flow, options).plan
}

function workOf(
  flow: Flow,
  { baseDir, workers, memoryMb, tier }: Pick<RunOptions, 'baseDir'> & RunLimits,
): RunPlan {
  return planWork(flow, registry, {
    ...limitsFor(flow, { workers, memoryMb }),
    io: ioOf(baseDir),
    ...(tier && { tier }),
  })
}

function ioOf(baseDir: string): { resolve(path: string): string } {
  return { resolve: (path) => (isAbsolute(path) ? path : resolve(baseDir, path)) }
}

export function startRun(options: RunOptions): RunHandle {
  return new HostedRun(options)
}

let runs = 0

/** Unlike any other of this machine's; not random, because crypto takes longer to load than a flow to check. */
function newRunId(): string {
  return `${process.pid}-${Date.now().toString(36)}-${++runs}`
}

class HostedRun implements RunHandle {
  state: RunState
  readonly ended: Promise<RunState>
  readonly #options: RunOptions
  readonly #threads: RunThreads
  readonly #meters: MeterPages
  readonly #watch: ThreadWatch
  readonly #looks: SqlLooks
  readonly #endMemoryWatch: () => void
  readonly #guarded = new Set<string>()
  readonly #stdin: AsyncIterator<Uint8Array> | undefined
  readonly #began = performance.now()
  #elapsed: number | undefined
  #settle: (state: RunState) => void = () => {}
  #alive = true
  #seq = 0

  constructor(options: RunOptions) {
    const { baseDir, workerUrl } = options
    // Configs of older node versions are brought up to date; the document itself is left as it is.
    const { flow } = migrateNodes(options.flow, registry)
    const work = workOf(flow, options)
    const { plan } = work
    this.#options = options
    this.#meters = new MeterPages(plan, partsOf(work))
    this.#watch = new ThreadWatch(this.#meters.pages, plan, (node) => this.#warnOf(node))
    this.#endMemoryWatch = watchMemory((mb) => this.#exhausted(mb))
    this.#stdin = options.stdin?.[Symbol.asyncIterator]()
    this.state = {
      runId: newRunId(),
      phase: 'running',
      name: flow.name,
      startedAt: Date.now(),
      plan,
      tables: plan.nodes.filter(({ type }) => registry.get(type)?.look.view === 'table').map(({ id }) => id),
    }
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#threads = new RunThreads({
      url: workerUrl,
      flow,
      work,
      baseDir,
      memoryMb: limitsFor(flow, options).memoryMb,
      heapLimitMb: options.heapLimitMb ?? defaultHeapLimitMb(),
      meters: this.#meters,
      metered: options.meters ?? true,
      stream: options.stream?.node,
      host: this.#functions(),
      died: (error, thread) => this.#crashed(error, thread),
      printed: (text) => this.#log('info', text),
    })
    this.#looks = new SqlLooks({
      flow,
      registry,
      work,
      io: ioOf(baseDir),
      metered: options.meters ?? true,
      kept: (edge, limit) => this.#threads.tap(edge, limit),
    })
    // While the threads start.
    removeAbandonedRuns()
  }

  frame(): Frame {
    return {
      seq: ++this.#seq,
      runId: this.state.runId,
      elapsedMs: this.#elapsed ?? performance.now() - this.#began,
      memory: process.memoryUsage.rss(),
      ...this.#meters.read(),
    }
  }

  async stop(): Promise<{ phase: RunPhase; tookMs: number; forced: boolean }> {
    const began = performance.now()
    let forced = false
    if (this.state.phase === 'running') {
      this.#change({ phase: 'stopping' })
      const why = await stopInOrder({
        threads: this.#threads,
        meters: this.#meters,
        watch: this.#watch,
        plan: this.state.plan,
        ended: this.ended,
      })
      if (why !== undefined) {
        forced = true
        this.#log('warning', why)
        this.#end({ phase: 'stopped' })
        void this.#terminate()
      }
    }
    const { phase } = await this.ended
    return { phase, tookMs: performance.now() - began, forced }
  }

  async tap(edge: string, limit: number): Promise<TapReply | null> {
    if (!this.#alive) return null
    const index = this.state.plan.edges.findIndex(({ id }) => id === edge)
    const look = this.#looks.has(edge)
      ? this.#looks.first(edge, { limit, phase: this.state.phase })
      : this.#threads.tap(edge, limit)
    const reply = await within(LOOK_MS, look)
    if (!reply?.value) return null
    // Records of SQL are seen before it has counted them.
    const { records, isAbout } = this.#meters.passed(index)
    const total = Math.max(reply.value.records.length, records)
    return { ...reply.value, total, ...(isAbout && { about: true as const }) }
  }

  async rows(node: string, offset: number, limit: number): Promise<RowsReply | null> {
    if (!this.#alive) return null
    const reply = await within(LOOK_MS, this.#threads.rows(node, offset, limit))
    return reply?.value ? { ...reply.value, offset } : null
  }

  async dispose(): Promise<void> {
    if (this.state.phase === 'running' || this.state.phase === 'stopping') await this.stop()
    await this.#terminate()
  }

  #functions(): WorkerHost {
    const { print, stream } = this.#options
    return {
      ended: (outcome) => void this.#hasEnded(outcome),
      readStdin: async () => {
        const piece = await this.#stdin?.next()
        return !piece || piece.done ? null : piece.value
      },
      print: (text) => print?.(text),
      guard: (path) => void this.#guarded.add(path),
      release: (path) => void this.#guarded.delete(path),
      log: (node, text) => this.#log('info', text, node),
      streamRows: (batch) => stream?.rows(batch),
    }
  }

  /** What code has written to its console belongs to the run: whoever has seen its end may end its threads. */
  async #hasEnded(outcome: Outcome): Promise<void> {
    await this.#threads.flushConsoles(outcome.phase === 'done' ? FLUSH_MS : STUCK_MS)
    this.#end(outcome)
  }

  #end({ cutShort = [], ...outcome }: Outcome): void {
    if (this.#elapsed !== undefined) return
    for (const fold of cutShort) this.#log('warning', cutShortText(fold))
    this.#elapsed = performance.now() - this.#began
    this.#watch.end()
    this.#endMemoryWatch()
    this.#meters.endAll()
    void this.#stdin?.return?.()
    this.#change({ ...outcome, endedAt: Date.now() })
    this.#settle(this.state)
  }

  /** One thread that dies takes the run with it: its share is missing. */
  #crashed(error: Error, thread: DeadThread): void {
    const first = this.#elapsed === undefined
    const last = this.#watch.lastOn(thread.pages)
    const crash = { ...thread, last, plan: this.state.plan, coded: this.#coded }
    const told = crashError(error, crash)
    // The run has its result, and its thread lives: rows and taps can still be looked at.
    if (!first && error instanceof UncaughtError) return this.#log('warning', told.message, told.at?.node)
    this.#alive = false
    this.#end({ phase: 'failed', error: told })
    if (first) void this.#terminate()
    this.#removeGuarded()
  }

  /** Ids of the nodes that have code of users. */
  get #coded(): string[] {
    return [...new Set(codeSnippets(this.#options.flow, registry).map(({ node }) => node))]
  }

  #exhausted(mb: number): void {
    const running = this.#watch.running
    this.#end({ phase: 'failed', error: exhaustedError(mb, { running, coded: this.#coded }) })
    void this.#terminate()
  }

  async #terminate(): Promise<void> {
    this.#alive = false
    await Promise.all([this.#looks.close(), this.#threads.terminate()])
    this.#removeGuarded()
  }

  /** What was still being written when the thread died: files of consumers, and what nodes had laid aside. */
  #removeGuarded(): void {
    for (const path of this.#guarded) rmSync(path, { recursive: true, force: true })
    this.#guarded.clear()
  }

  #change(change: Partial<RunState>): void {
    this.state = { ...this.state, ...change }
    this.#options.changed?.(this.state)
  }

  #warnOf(node: string): void {
    if (this.state.phase !== 'running') return
    this.#log('warning', `Node “${node}” has not come back from its code for 5 s; Stop ends it.`)
  }

  #log(level: LogLine['level'], text: string, node?: string): void {
    const line = { time: Date.now(), level, ...(node !== undefined && { node }), text }
    if (text !== '') this.#options.log?.([line])
  }
}

/**
 * Starts a flow in a worker thread and watches it: meters, taps, rows, stop (by force where user code never
 * returns), crash and out-of-memory. Used by the session (app, `weir serve`) and by `weir run`.
 */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { migrateNodes } from '../flow/migrate.ts'
import { nodeTypes } from '../nodes/index.ts'
import { MeterPage } from '../runtime/meter.ts'
import { planFlow } from '../plan/plan.ts'
import type { Outcome } from '../runtime/run.ts'
import type { WorkerFunctions, WorkerHost, WorkerStart } from '../runtime/worker-protocol.ts'
import { createRegistry } from '../spec/registry.ts'
import { DEFAULT_MEMORY_MB, removeAbandonedRuns } from '../spill/run-memory.ts'
import type { Batch } from '../spec/node.ts'
import { defaultHeapLimitMb, takeRunWorker } from './run-worker.ts'
import type { FieldInfo, Flow, Frame, LogLine, Plan, RunError, RunPhase, RunState, Tier } from './protocol.ts'

/** How a run may use the machine. */
export interface RunLimits {
  /** Worker threads at most; absent: what the flow says, else the cores of the machine. */
  workers?: number
  /** What nodes that hold records may take together, in MB; absent: what the flow says, else 256. */
  memoryMb?: number
  /** False: no counts, no taps. For measuring what they cost. */
  meters?: boolean
  /** The one tier that is allowed beside row. */
  tier?: Tier
}

export interface RunOptions extends RunLimits {
  /** A flow that `validate` found no errors in. */
  flow: Flow
  /** Absolute folder that relative paths count from. */
  baseDir: string
  /** The built `worker.js`. */
  workerUrl: URL
  /** Bytes for `stdin` nodes; absent means empty. */
  stdin?: AsyncIterable<Uint8Array>
  /** Text of `print` nodes; the run waits for the promise. */
  print?: (text: string) => void | Promise<void>
  /** Streams every row of one `table` node, unbounded; the run waits for the promise. */
  stream?: { node: string; rows(batch: Batch): void | Promise<void> }
  /** Heap of the worker at most, in MB; absent takes what fits the machine. */
  heapLimitMb?: number
  log?: (lines: LogLine[]) => void
  /** Called at every change of phase. */
  changed?: (state: RunState) => void
}

export interface TapReply {
  records: unknown[]
  total: number
  truncated: boolean
  fields: FieldInfo[]
}
export interface RowsReply {
  rows: unknown[]
  offset: number
  head: number
  stored: number
  total: number
  fields: FieldInfo[]
}

export interface RunHandle {
  /** The latest state; a new object at each change. */
  readonly state: RunState
  /** Settles when the run has ended, however it did; never rejects. */
  readonly ended: Promise<RunState>
  /** Totals now. Cheap: reads shared memory. */
  frame(): Frame
  /** Asks for an orderly stop; forces it after 150 ms where the worker does not answer. */
  stop(): Promise<{ phase: RunPhase; tookMs: number; forced: boolean }>
  /** Null where the run has no such edge, or its memory is gone. */
  tap(edge: string, limit: number): Promise<TapReply | null>
  rows(node: string, offset: number, limit: number): Promise<RowsReply | null>
  /** Ends the worker and frees its memory; rows and taps are gone then. */
  dispose(): Promise<void>
}

/** How long user code may keep the worker from answering a stop. */
const ANSWER_MS = 150
/** How long consumers may take to close their files after a stop was answered. */
const CLOSE_MS = 10_000
/** How long a look at rows or taps waits for a busy worker. */
const LOOK_MS = 2000

const registry = createRegistry(nodeTypes)

/** How the flow would be run here and now. */
export function planRun(options: Pick<RunOptions, 'flow' | 'baseDir'> & RunLimits): Plan {
  return planFlow(migrateNodes(options.flow, registry).flow, registry)
}

export function startRun(options: RunOptions): RunHandle {
  return new HostedRun(options)
}

class HostedRun implements RunHandle {
  state: RunState
  readonly ended: Promise<RunState>
  readonly #options: RunOptions
  readonly #worker: Worker
  readonly #rpc: { call: WorkerFunctionsRemote; close(): void }
  readonly #meters: MeterPage
  readonly #guarded = new Set<string>()
  readonly #heapLimitMb: number
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
    const plan = planFlow(flow, registry)
    removeAbandonedRuns()
    this.#options = options
    this.#heapLimitMb = options.heapLimitMb ?? defaultHeapLimitMb()
    this.#meters = new MeterPage(plan)
    this.#stdin = options.stdin?.[Symbol.asyncIterator]()
    this.state = {
      runId: randomUUID(),
      phase: 'running',
      name: flow.name,
      startedAt: Date.now(),
      plan,
      tables: plan.nodes.filter(({ type }) => registry.get(type)?.look.view === 'table').map(({ id }) => id),
    }
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    const start: WorkerStart = {
      flow,
      plan,
      baseDir,
      memoryMb: options.memoryMb ?? flow.run?.memoryMb ?? DEFAULT_MEMORY_MB,
      meters: this.#meters.buffer,
      metered: options.meters ?? true,
      ...(options.stream && { stream: options.stream.node }),
    }
    this.#worker = takeRunWorker(workerUrl, this.#heapLimitMb)
    this.#worker.postMessage(start)
    this.#rpc = this.#connect()
    this.#worker.on('error', (error) => this.#crashed(error))
    this.#worker.on('exit', () => this.#crashed(new Error('its thread ended')))
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => this.#log('info', text.trimEnd()))
    }
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
      const answered = await within(ANSWER_MS, this.#rpc.call.stop())
      const closed = answered && (await within(CLOSE_MS, this.ended))
      if (!closed) {
        forced = true
        this.#log('warning', 'The run did not answer and was stopped by force; its rows are gone.')
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
    const reply = await within(LOOK_MS, this.#rpc.call.tap(edge, limit))
    return reply?.value ? { ...reply.value, total: this.#meters.edge(index).get('records') } : null
  }

  async rows(node: string, offset: number, limit: number): Promise<RowsReply | null> {
    if (!this.#alive) return null
    const reply = await within(LOOK_MS, this.#rpc.call.rows(node, offset, limit))
    return reply?.value ? { ...reply.value, offset } : null
  }

  async dispose(): Promise<void> {
    if (this.state.phase === 'running' || this.state.phase === 'stopping') await this.stop()
    await this.#terminate()
  }

  #connect(): { call: WorkerFunctionsRemote; close(): void } {
    const { print, stream } = this.#options
    const functions: WorkerHost = {
      ended: (outcome) => this.#end(outcome),
      readStdin: async () => {
        const piece = await this.#stdin?.next()
        return !piece || piece.done ? null : piece.value
      },
      print: (text) => print?.(text),
      guard: (path) => void this.#guarded.add(path),
      release: (path) => void this.#guarded.delete(path),
      streamRows: (batch) => stream?.rows(batch),
    }
    const rpc = createBirpc<WorkerFunctions, WorkerHost>(functions, {
      post: (message) => this.#worker.postMessage(message),
      on: (listener) => this.#worker.on('message', listener),
      timeout: -1,
    })
    return { call: rpc, close: () => rpc.$close() }
  }

  #end(outcome: Outcome): void {
    if (this.#elapsed !== undefined) return
    this.#elapsed = performance.now() - this.#began
    this.state.plan.nodes.forEach((_, index) => this.#meters.node(index).setState('stopped'))
    void this.#stdin?.return?.()
    this.#change({ ...outcome, endedAt: Date.now() })
    this.#settle(this.state)
  }

  #crashed(error: Error): void {
    this.#alive = false
    this.#rpc.close()
    this.#removeGuarded()
    this.#end({ phase: 'failed', error: crashError(error, this.#heapLimitMb) })
  }

  async #terminate(): Promise<void> {
    this.#alive = false
    await this.#worker.terminate()
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

  #log(level: LogLine['level'], text: string): void {
    if (text !== '') this.#options.log?.([{ time: Date.now(), level, text }])
  }
}

type WorkerFunctionsRemote = {
  [Name in keyof WorkerFunctions]: (
    ...args: Parameters<WorkerFunctions[Name]>
  ) => Promise<Awaited<ReturnType<WorkerFunctions[Name]>>>
}

/** The value in a box, or nothing where it took too long or the worker went away. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<{ value: Value } | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise.then((value) => ({ value })).catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}

function crashError(error: Error, heapLimitMb: number): RunError {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      code: 'memory',
      message: `The run needed more than ${heapLimitMb} MB and was ended.`,
      remedy: 'Group, take or filter earlier, so that less is held at once.',
      at: {},
    }
  }
  return {
    code: 'crashed',
    message: `The run died: ${error.message}.`,
    remedy: 'Run it again; if it happens again, please report it with the flow that shows it.',
    at: {},
  }
}

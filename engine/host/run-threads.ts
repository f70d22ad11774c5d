/** All threads of one run: the one that runs the flow, and those that do shares of its stages beside it. */
import { MessageChannel } from 'node:worker_threads'
import type { RunPlan } from '../plan/run-plan.ts'
import type { MeterPages } from '../runtime/meter.ts'
import type { TapAnswer, ThreadFunctions, WorkerFunctions, WorkerHost } from '../runtime/worker-protocol.ts'
import type { Flow } from './protocol.ts'
import { createWorker, takeRunWorker } from './run-worker.ts'
import { RunThread, type ThreadOptions } from './run-thread.ts'
import { writesParquet } from '../sql/writing.ts'
import { within } from './within.ts'

export interface ThreadsOptions {
  url: URL
  flow: Flow
  work: RunPlan
  baseDir: string
  memoryMb: number
  /** Heap of the thread that runs the flow at most; the part workers have as much together. */
  heapLimitMb: number
  meters: MeterPages
  metered: boolean
  /** The `table` whose rows are streamed. */
  stream: string | undefined
  host: WorkerHost
  died: (error: Error, thread: DeadThread) => void
  printed: (text: string) => void
}

export interface DeadThread {
  heapLimitMb: number
  /** What it did shares of; none for the thread that runs the flow. */
  nodes: readonly string[]
  /** Indices of the pages that it counted on, those of shares first. */
  pages: readonly number[]
}

/** How many threads do shares of stages: the one that runs the flow is the first of them. */
export function partsOf({ shared }: RunPlan): number {
  return Math.max(0, ...shared.map(({ workers }) => workers))
}

/** How long DuckDB may take to end a statement. A thread that is stuck in user code does not hear of it at all. */
const DUCKDB_MS = 2000

export class RunThreads {
  /** A call of DuckDB that is pending when its thread is ended takes the whole process with it. */
  readonly #hasDuckDb: boolean
  readonly #run: RunThread<WorkerFunctions>
  readonly #parts: RunThread<ThreadFunctions>[]

  constructor(options: ThreadsOptions) {
    const { url, flow, work, baseDir, memoryMb, metered, meters, heapLimitMb, stream } = options
    this.#hasDuckDb =
      work.sql.length > 0 ||
      Object.values(flow.nodes).some(({ type, config }) =>
        writesParquet({ type, config: { format: 'auto', ...config } }),
      )
    const others = Math.max(0, partsOf(work) - 1)
    const threads = others + 1
    const common = { flow, baseDir, memoryMb, metered, threads }
    const page = (at: number) => (meters.pages[at] ?? meters.pages[0]!).buffer
    const channels = work.shared.map(({ stage, workers }) => ({
      stage,
      pairs: Array.from({ length: workers - 1 }, () => new MessageChannel()),
    }))
    const ports = channels.map(({ stage, pairs }) => ({ stage, ports: pairs.map(({ port1 }) => port1) }))
    this.#run = this.#start(options, {
      // It may have been started before.
      worker: takeRunWorker(url, heapLimitMb),
      data: {
        ...common,
        work,
        meters: page(0),
        parts: ports,
        partMeters: page(1),
        ...(stream !== undefined && { stream }),
      },
      ports: ports.flatMap((stage) => stage.ports),
      dead: { heapLimitMb, nodes: [], pages: [1, 0] },
    })
    this.#parts = Array.from({ length: others }, (_, at) => {
      const shares = work.shared.flatMap(({ stage, parts }, index) => {
        const pair = channels[index]!.pairs[at]
        return pair ? [{ stage, part: at + 1, share: parts[at + 1], port: pair.port2 }] : []
      })
      const limit = Math.floor(heapLimitMb / threads)
      return this.#start(options, {
        worker: createWorker(url, limit),
        data: { ...common, part: work, meters: page(at + 2), shares },
        ports: shares.map(({ port }) => port),
        dead: {
          heapLimitMb: limit,
          nodes: shares.flatMap(({ stage }) => work.shared.find((one) => one.stage === stage)!.nodes),
          pages: [at + 2],
        },
      })
    })
  }

  #start(
    { host, printed, died }: ThreadsOptions,
    given: Pick<ThreadOptions, 'worker' | 'data' | 'ports'> & { dead: DeadThread },
  ): RunThread<WorkerFunctions> {
    const { dead, ...thread } = given
    return new RunThread({ ...thread, host, printed, died: (error) => died(error, dead) })
  }

  /** Tells every thread to stop; each promise settles when that one has heard it. The one that runs the flow is first. */
  stop(): Promise<void>[] {
    return [this.#run, ...this.#parts].map((thread) => thread.call.stop())
  }

  /**
   * Settles when all that code has written to its console has come, or some time has passed: a thread may be stuck.
   * @param ms at most
   */
  async flushConsoles(ms: number): Promise<void> {
    const threads = [this.#run, ...this.#parts]
    await Promise.all(threads.map((thread) => within(ms, thread.call.flushConsole())))
  }

  /** The last records of an edge, from whichever threads it lies in; in order of their shares. */
  async tap(edge: string, limit: number): Promise<TapAnswer | null> {
    const answers = await Promise.all(
      [this.#run, ...this.#parts].map((thread) => thread.call.tap(edge, limit)),
    )
    const found = answers.filter((answer) => answer !== null)
    const last = found.findLast(({ records }) => records.length > 0) ?? found[0]
    if (!last) return null
    return {
      ...last,
      records: found.flatMap(({ records }) => records).slice(-limit),
      truncated: found.some(({ truncated }) => truncated),
    }
  }

  rows: RunThread<WorkerFunctions>['call']['rows'] = (...wish) => this.#run.call.rows(...wish)

  async terminate(): Promise<void> {
    // Without them the run cannot come to its end meanwhile, where it is to fail.
    const parts = this.#parts.map((thread) => thread.terminate())
    if (this.#hasDuckDb) await within(DUCKDB_MS, this.#run.call.endDuckDb())
    await Promise.all([...parts, this.#run.terminate()])
  }
}

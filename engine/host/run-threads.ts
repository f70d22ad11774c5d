/** All threads of one run: the one that runs the flow, and those that do shares of its stages beside it. */
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { RunPlan } from '../plan/run-plan.ts'
import type { MeterPages } from '../runtime/meter.ts'
import type {
  PartStart,
  TapAnswer,
  ThreadFunctions,
  WorkerFunctions,
  WorkerHost,
  WorkerStart,
} from '../runtime/worker-protocol.ts'
import type { Flow } from './protocol.ts'
import { createWorker, takeRunWorker } from './run-worker.ts'
import { RunThread, type ThreadOptions } from './run-thread.ts'

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
  /** A thread died; `nodes` are those it did shares of, none for the thread that runs the flow. */
  died: (error: Error, heapLimitMb: number, nodes: string[]) => void
  printed: (text: string) => void
}

/** How many part workers a plan wants. */
export function partsOf({ shared }: RunPlan): number {
  return Math.max(0, ...shared.map(({ parts }) => parts.length))
}

export class RunThreads {
  readonly #run: RunThread<WorkerFunctions>
  readonly #parts: RunThread<ThreadFunctions>[]

  constructor(options: ThreadsOptions) {
    const { url, flow, work, baseDir, memoryMb, meters, host, printed, died } = options
    const count = partsOf(work)
    const common = { flow, baseDir, memoryMb, metered: options.metered }
    const ports = work.shared.map(({ parts }) => parts.map(() => new MessageChannel()))
    const start = (
      data: WorkerStart | PartStart,
      moved: MessagePort[],
      heapLimitMb: number,
      nodes: string[],
    ) => {
      const given: ThreadOptions = {
        // The one that runs the flow may have been started before.
        worker: 'work' in data ? takeRunWorker(url, heapLimitMb) : createWorker(url, heapLimitMb),
        data,
        ports: moved,
        host,
        printed,
        died: (error) => died(error, heapLimitMb, nodes),
      }
      return new RunThread<WorkerFunctions>(given)
    }
    const mine = work.shared.map(({ stage }, at) => ({ stage, ports: ports[at]!.map(({ port1 }) => port1) }))
    const { stream } = options
    this.#run = start(
      {
        ...common,
        work,
        meters: meters.pages[0]!.buffer,
        parts: mine,
        ...(stream !== undefined && { stream }),
      },
      mine.flatMap((stage) => stage.ports),
      options.heapLimitMb,
      [],
    )
    this.#parts = Array.from({ length: count }, (_, part) => {
      const stages = work.shared.flatMap(({ stage, nodes, program, parts }, at) => {
        const share = parts[part]
        return part < parts.length ? [{ stage, nodes, program, share, port: ports[at]![part]!.port2 }] : []
      })
      return start(
        { ...common, plan: work.plan, threads: count + 1, meters: meters.pages[part + 1]!.buffer, stages },
        stages.map(({ port }) => port),
        Math.floor(options.heapLimitMb / count),
        stages.flatMap(({ nodes }) => nodes),
      )
    })
  }

  /** Settles when every thread has heard it. */
  async stop(): Promise<void> {
    await Promise.all([this.#run, ...this.#parts].map((thread) => thread.call.stop()))
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
    await Promise.all([this.#run, ...this.#parts].map((thread) => thread.terminate()))
  }
}

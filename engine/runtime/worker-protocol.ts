/** What the host and the threads of a run say to each other. Inside the engine only; both ends are one build. */
import type { MessagePort } from 'node:worker_threads'
import type { FieldInfo, Flow } from '../host/protocol.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Batch } from '../spec/node.ts'
import type { Outcome } from './run.ts'

interface ThreadStart {
  flow: Flow
  baseDir: string
  /** What the nodes that hold records may take together. */
  memoryMb: number
  /** This thread's page. */
  meters: SharedArrayBuffer
  /** False: count nothing and keep no records of the wires. */
  metered: boolean
}

/** One share of one stage, with the port to the run. */
export interface StageShare {
  stage: number
  /** Its place among the parts of the stage. */
  part: number
  share: unknown
  port: MessagePort
}

/** The first message to the thread that runs the flow. */
export interface WorkerStart extends ThreadStart {
  work: RunPlan
  /** Threads that the memory is divided among. */
  threads: number
  /** The ports to the part workers by stage, in the order of the shares; the first share of each is done here. */
  parts: { stage: number; ports: MessagePort[] }[]
  /** The page of the shares that are done here. */
  partMeters: SharedArrayBuffer
  /** The `table` whose rows are streamed to the host. */
  stream?: string
}

/** The first message to a thread that does a share of one or several stages. */
export interface PartStart extends ThreadStart {
  part: RunPlan
  threads: number
  shares: StageShare[]
}

export interface TapAnswer {
  records: unknown[]
  truncated: boolean
  fields: FieldInfo[]
}

/** What the host may ask of every thread. */
export interface ThreadFunctions {
  /** Answers at once; the run ends later, with `ended`. */
  stop(): void
  /** Null where the edge is not this thread's. */
  tap(edge: string, limit: number): TapAnswer | null
  /** Settles when what code has written to its console is with the host. */
  flushConsole(): Promise<void>
}

/** What the host may ask of the thread that runs the flow. */
export interface WorkerFunctions extends ThreadFunctions {
  /** Settles when the thread may be ended as far as DuckDB is concerned; the run is over then, however it was. */
  endDuckDb(): Promise<void>
  rows(
    node: string,
    offset: number,
    limit: number,
  ): { rows: unknown[]; head: number; stored: number; total: number; fields: FieldInfo[] } | null
}

/** What a thread may ask of the host. */
export interface WorkerHost {
  ended(outcome: Outcome): void
  readStdin(): Promise<Uint8Array | null>
  print(text: string): void | Promise<void>
  guard(path: string): void
  release(path: string): void
  log(node: string, text: string): void
  streamRows(batch: Batch): void | Promise<void>
}

/** The same, and what each thread tells for itself. */
export interface ThreadHost extends WorkerHost {
  /** Something threw where nothing catches. `byCode`: a timer or a promise of a node's code, which had returned by then. */
  threw(reason: string, byCode: boolean): void
}

/** What the host and the worker that runs a flow say to each other. Inside the engine only; both ends are one build. */
import type { FieldInfo, Flow, Plan } from '../host/protocol.ts'
import type { Outcome } from './run.ts'
import type { Batch } from '../spec/node.ts'

/** The first message to the worker. */
export interface WorkerStart {
  flow: Flow
  plan: Plan
  baseDir: string
  /** What the nodes that hold records may take together. */
  memoryMb: number
  meters: SharedArrayBuffer
  /** False: count nothing and keep no records of the wires. */
  metered?: boolean
  /** The `table` whose rows are streamed to the host. */
  stream?: string
}

/** What the host may ask of the worker. */
export interface WorkerFunctions {
  /** Answers at once; the run ends later, with `ended`. */
  stop(): void
  tap(edge: string, limit: number): { records: unknown[]; truncated: boolean; fields: FieldInfo[] } | null
  rows(
    node: string,
    offset: number,
    limit: number,
  ): { rows: unknown[]; head: number; stored: number; total: number; fields: FieldInfo[] } | null
}

/** What the worker may ask of the host. */
export interface WorkerHost {
  ended(outcome: Outcome): void
  readStdin(): Promise<Uint8Array | null>
  print(text: string): void | Promise<void>
  guard(path: string): void
  release(path: string): void
  streamRows(batch: Batch): void | Promise<void>
}

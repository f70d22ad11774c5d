/**
 * Starts a flow in a worker thread and watches it: meters, taps, rows, stop (by force where user code never
 * returns), crash and out-of-memory. Used by the session (app, `weir serve`) and by `weir run`.
 */
import type { Flow, FieldInfo, Frame, LogLine, RunPhase, RunState } from './protocol.ts'
import type { Batch } from '../spec/node.ts'

export interface RunOptions {
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
  log?: (lines: LogLine[]) => void
  /** Called at every change of phase. */
  changed?: (state: RunState) => void
}

export interface RunHandle {
  /** The latest state; a new object at each change. */
  readonly state: RunState
  /** Settles when the run has ended, however it did; never rejects. */
  readonly ended: Promise<RunState>
  /** Totals now. Cheap: reads shared memory. */
  frame(): Frame
  /** Asks for an orderly stop and forces it after 150 ms. */
  stop(): Promise<{ phase: RunPhase; tookMs: number; forced: boolean }>
  tap(edge: string, limit: number): Promise<{ records: unknown[]; total: number; truncated: boolean; fields: FieldInfo[] }>
  rows(node: string, offset: number, limit: number): Promise<{ rows: unknown[]; offset: number; stored: number; total: number; fields: FieldInfo[] }>
  /** Ends the worker and frees its memory; rows and taps are gone then. */
  dispose(): Promise<void>
}

export function startRun(_options: RunOptions): RunHandle {
  throw new Error('under construction')
}

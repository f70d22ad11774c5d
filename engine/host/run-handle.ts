/** What a run is started with, and the handle that is held while it is looked at. */
import type { Batch } from '../spec/node.ts'
import type { Flow, Frame, LogLine, Replies, RunState, Tier } from './protocol.ts'

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

export type TapReply = Replies['tap']
export type RowsReply = Replies['rows']

export interface RunHandle {
  /** The latest state; a new object at each change. */
  readonly state: RunState
  /** Settles when the run has ended, however it did; never rejects. */
  readonly ended: Promise<RunState>
  /** Totals now. Cheap: reads shared memory. */
  frame(): Frame
  /** Asks for an orderly stop; forces it where a thread does not answer, or a consumer does not close (`stopInOrder`). */
  stop(): Promise<Replies['stop']>
  /** Null where the run has no such edge, or its memory is gone. */
  tap(edge: string, limit: number): Promise<TapReply | null>
  rows(node: string, offset: number, limit: number): Promise<RowsReply | null>
  /** Ends the threads and frees their memory; rows and taps are gone then. */
  dispose(): Promise<void>
}

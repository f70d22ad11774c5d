/** What a run is made of, and what becomes of it. */
import type { Flow, RunError, RunPhase } from '../host/protocol.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { AnyNodeType, Clock, NodeIo, ResultSink } from '../spec/node.ts'
import type { Looks } from './looks.ts'
import type { PartPort } from './part-protocol.ts'

export interface RunSetup {
  /** A flow in which `validateFlow` found no errors. */
  flow: Flow
  registry: ReadonlyMap<string, AnyNodeType>
  io: NodeIo
  /** Absent: one worker does everything. */
  work?: RunPlan
  /** For each shared stage, by its index in the plan: the ports to its part workers, in the order of the shares. */
  parts?: ReadonlyMap<number, readonly PartPort[]>
  clock?: Clock
  /** What the nodes that hold records may take together; absent: 256 MB. */
  memoryMb?: number
  /** Shared memory that the host reads; absent makes a page of its own. */
  meters?: SharedArrayBuffer
  /** False: count nothing and keep no records of the wires. */
  metered?: boolean
  /** How long folds may send what they hold after a stop. */
  finishMs?: number
  /** When batches are looked at on their way through nodes that share a loop. */
  looks?: Looks
  /** Gets every row of one `table`, beside its row store. */
  stream?: { node: string; sink: ResultSink }
}

export interface Outcome {
  phase: Extract<RunPhase, 'done' | 'stopped' | 'failed'>
  error?: RunError
  /** Folds that had not sent all that they hold when a stopped run ended, and the records that they dropped, if known. */
  cutShort?: { node: string; records?: number }[]
}

/** How long folds may send what they hold once the run was stopped; a stop is to be over within 200 ms. */
export const FINISH_MS = 60
/** What each of them has at least, however late it is. */
export const LEAST_FINISH_MS = 10

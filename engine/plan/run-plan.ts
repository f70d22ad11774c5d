/** What a run is started with: the plan that people see, and what the workers of its shared stages do. */
import type { Plan, Tier } from '../host/protocol.ts'
import type { FileMark } from '../sql/parquet-facts.ts'

export interface RunPlan {
  plan: Plan
  shared: SharedStage[]
  sql: SqlStage[]
}

/** A stage that DuckDB does, with threads of its own. */
export interface SqlStage {
  /** Its index in the plan. */
  stage: number
  /** Each behind those that feed it, a source first; the last one's records are those that come out. */
  nodes: string[]
  /** What the sources read, as it was when this was planned. */
  files: FileMark[]
}

/** A stage whose source is done in shares, by one or several workers. */
export interface SharedStage {
  /** Its index in the plan. */
  stage: number
  tier: Tier
  /** The nodes that part workers run, the head first, each behind those that feed it. */
  nodes: string[]
  /** The nodes whose states are merged in the run's thread, which then makes their records. */
  merges: string[]
  /** Part workers. */
  workers: number
  /** Shares of the source in the order of their records: one for each worker, or more, which they do in turn. */
  parts: unknown[]
  /** One share for each worker: one that is done takes half of what another has left, if it is so much; by `amount`. */
  cedes?: number
  /** Edges to consumers that get bytes in place of records. */
  encoded: string[]
  /** Edges that records leave by as they are; those of errors are not among them. */
  leaves: string[]
  /** Edges whose records come from elsewhere in the run, and go to each worker. */
  copies: string[]
  /** Nodes whose records are told apart by their keys, in the run's thread; each behind those that feed it. */
  firsts: string[]
  /** The whole of the source, in the unit of its progress. */
  amount: number
  /** What a tier other than row has to know, JSON-safe. */
  program?: unknown
}

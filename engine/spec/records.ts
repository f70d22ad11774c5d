/** What travels between nodes. */

/** One value that travels. Treat it as read-only: other branches and taps may hold the same object. */
export type DataRecord = unknown

/** Records that travel together: 1 to 1024 of them. Never change a batch after it was sent or received. */
export type Batch = readonly DataRecord[]

/** What leaves by an `error` port. */
export interface ErrorRecord {
  /** What was wrong, one sentence. */
  reason: string
  /** Id of the node that refused it. */
  node: string
  /** The original record, or the raw text where there was no record yet. */
  record: DataRecord
  /** 1-based position among the node's inputs, or the line of the file. */
  number: number
  /** Line of the source file, where there is one. */
  line?: number
  /** The config field at fault, where there is one (an expression that threw). */
  field?: string
}

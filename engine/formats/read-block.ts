/** What every reader gives: records, and what could not be read, piece by piece. */
import type { DataRecord } from '../spec/node.ts'

/** A line or row that is no record. */
export interface ReadFailure {
  /** One sentence. */
  reason: string
  /** Its raw text. */
  record: string
  /** From 1. */
  line: number
}

/** At most as many records as a batch holds, in the order of the source; the same for failures. */
export interface ReadBlock {
  records: DataRecord[]
  failures: ReadFailure[]
}

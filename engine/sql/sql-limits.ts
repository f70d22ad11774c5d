/** How much of a run's memory and threads DuckDB gets. */

export interface SqlLimits {
  /** The limit of the run, in MB. */
  memoryMb: number
  threads: number
  /** A folder of the run for what does not fit; made by DuckDB when it is needed, removed by the run. */
  folder(): string
  /** It did not suffice the last time: one thread, and more of the memory. */
  frugal?: boolean
}

/** Records that a wire inside a chain shows at most. */
export const LOOK_RECORDS = 200

/** With less DuckDB fails in the middle of plain work. */
export const LEAST_MB = 128
/** Of the run's limit: what DuckDB counts is about half of what it takes. */
const COUNTED_PART = 0.5
/** What a thread needs for its own buffers. */
const THREAD_MB = 64
/** The same where whole records are put in order: a thread has parts of them in memory at several places. */
const SORTING_THREAD_MB = 112
const FRUGAL_PART = 0.75

/**
 * What DuckDB is told.
 * @param sorts whether it puts whole records in order
 */
export function duckDbLimits(limits: SqlLimits, sorts: boolean): { memoryMb: number; threads: number } {
  const part = limits.frugal ? FRUGAL_PART : COUNTED_PART
  const memoryMb = Math.max(LEAST_MB, Math.floor(limits.memoryMb * part))
  if (limits.frugal) return { memoryMb, threads: 1 }
  const each = sorts ? SORTING_THREAD_MB : THREAD_MB
  return { memoryMb, threads: Math.max(1, Math.min(limits.threads, Math.floor(memoryMb / each))) }
}

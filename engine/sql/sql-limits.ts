/** How much of a run's memory and threads DuckDB gets. */

export interface SqlLimits {
  /** The limit of the run, in MB. */
  memoryMb: number
  threads: number
  /** A folder of the run for what does not fit; made by DuckDB when it is needed, removed by the run. */
  folder(): string
}

/** Records that a wire inside a chain shows at most. */
export const LOOK_RECORDS = 200

/** With less DuckDB fails in the middle of plain work. */
export const LEAST_MB = 128
/** Of the run's limit: what DuckDB counts is about half of what it takes. */
const COUNTED_PART = 0.5
/** What a thread needs for its own buffers. */
const THREAD_MB = 64

/** What DuckDB is told. */
export function duckDbLimits(limits: SqlLimits): { memoryMb: number; threads: number } {
  const memoryMb = Math.max(LEAST_MB, Math.floor(limits.memoryMb * COUNTED_PART))
  const threads = Math.max(1, Math.min(limits.threads, Math.floor(memoryMb / THREAD_MB)))
  return { memoryMb, threads }
}

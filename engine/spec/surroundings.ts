/** What a node meets while it runs: time, memory, files and streams, those who read what it makes. */
import type { Batch } from './records.ts'

/** Time, virtual in tests. All in milliseconds. */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with an AbortError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What one output port offers. `send` returns nothing when there was room, else a promise to await. */
export interface Output {
  /** Records that the next batch had best have: more than usual where they pass faster than they could be counted one by one. */
  readonly batchRecords: number
  send(batch: Batch): void | Promise<void>
}

/** The outside world of a node: paths, streams, results. Provided by the host, in memory in tests. */
export interface NodeIo {
  /** Makes a path from the config absolute: relative ones count from the flow file's folder. */
  resolve(path: string): string
  /** Standard input as bytes; empty in the app. */
  stdin(): AsyncIterable<Uint8Array>
  /** Appends text to standard output (terminal) or to the log panel (app); waits when the reader is slow. */
  print(text: string): void | Promise<void>
  /** Registers a temporary file, so that the host removes it should the process die. Returns a release function. */
  guard(path: string): () => void
  /** A line in the log (app) or on the terminal that names a node; see `RunContext.tell`. */
  log(node: string, text: string): void
}

/** Result rows of a `table`: what the app's grid and `weir run` read. */
export interface ResultSink {
  append(batch: Batch): void | Promise<void>
}

/**
 * What a node that holds records may take of the run's memory, and where the rest goes. A node counts what it holds
 * with `recordBytes` and writes to files (engine/spill) before that is more than `bytes`.
 */
export interface Memory {
  /** Bytes that the node may hold, as `recordBytes` estimates them. */
  readonly bytes: number
  /** The limit of the whole run in MB, for messages. */
  readonly limitMb: number
  /** True once the node has asked for a file: a part of what it holds is on disk, or soon will be. */
  readonly onDisk: boolean
  /**
   * A path that no other file has, in the run's temporary folder. The folder is made at first use and removed when
   * the run has ended, however it did; a node removes its files as soon as it can.
   * @throws NodeError where the folder cannot be made
   */
  newFile(): string
}

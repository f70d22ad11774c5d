/** How the work of a node is shared by several workers: a source in pieces, records made bytes before they are written. */
import type { Key } from './identity.ts'
import type { Batch, DataRecord } from './records.ts'
import type { NodeIo } from './surroundings.ts'

/** How a generator's work is cut into shares that may be done at once. */
export interface Split {
  /** JSON-safe, in the order of their records: the first share holds the first ones. */
  parts: unknown[]
  /** How much work they are together: bytes to read, or records to make where nothing is read. */
  bytes?: number
  records?: number
  /** To make a record takes less than to send it to another thread: lines of a file. */
  light?: boolean
}

/** Into how many shares: as many, alike in size; or as many as there are pieces of about so many bytes. */
export type SplitWish = { parts: number } | { bytes: number }

/**
 * Gives the end of the share at hand to another worker, about half of what is not begun, if that is `least` at least:
 * returns it as a share, and makes no records of it itself. In bytes or records, as the source counts its progress.
 */
export type Cede = (least: number) => unknown | undefined

/** Undefined where the work cannot be cut (a pipe, gzip, a missing file: `run` says what is wrong with it). */
export type SplitBehaviour<Config> = (
  setup: { config: Config; io: Pick<NodeIo, 'resolve'> },
  wish: SplitWish,
) => Split | undefined

/** Records that were made bytes on their way to a consumer, by the part workers that had them. */
export interface EncodedBatch {
  /** How many records these are, those that failed included. */
  readonly length: number
  readonly bytes: Uint8Array
  /** Those that could not be encoded; `index` counts from 0. */
  readonly failures: readonly { reason: string; record: DataRecord; index: number }[]
  /** What the first record of all has decided, with the bytes of that record; see `Encoder`. */
  readonly header?: unknown
}

/** Makes text of records, each by itself, or by what the first record of all decides. */
export interface Encoder {
  encode(batch: Batch): { text: string; failures: EncodedBatch['failures'] }
  /**
   * Where the first record that can be encoded decides how all are: what it has decided, as JSON-safe data, and nothing
   * before. One encoder meets that record, and others are told (`follow`) before they encode anything.
   */
  header?(): unknown
  follow?(header: unknown): void
}

/** Undefined where a record's text depends on the ones before. */
export type EncodeBehaviour<Config> = (config: Config) => Encoder | undefined

/** Two inputs of a node: see `NodeType.spread`. */
export interface Spread {
  /** Each worker takes its share of these, in their order; what they make, one behind the other, is what one would. */
  over: string
  /** Each of them has a copy of all of these, which it reads first. */
  whole: string
}

/** Undefined where what the node makes of a record depends on the others of that side. */
export type SpreadBehaviour<Config> = (config: Config) => Spread | undefined

/** A node that sends the first record of each key one way, and the others another: see `NodeType.firsts`. */
export interface Firsts {
  /** @throws Error where the record has none */
  key(record: DataRecord): Key
  /** The setting that such a record is blamed on. */
  field: string
  /** The ports of the first ones, and of the others. */
  first: string
  other: string
}

export type FirstsBehaviour<Config> = (config: Config) => Firsts

/** Stands for a record that a sieve has found: the node counts it as the duplicate that it is. */
export const SIEVED = Symbol('a record like one before')

/**
 * For a node that takes its records in order, from one place: true of a record that the node will drop, whatever other
 * workers send in between, because of those that this worker has sent before. `SIEVED` is sent in its place.
 */
export type Sieve = (record: DataRecord) => boolean

/** Makes a sieve for one worker; undefined where what would be dropped has to reach the node. */
export type SieveBehaviour<Config> = (config: Config, isWired: (port: string) => boolean) => Sieve | undefined

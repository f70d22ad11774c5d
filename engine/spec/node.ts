/**
 * How a node type is written: plain data plus one or more behaviours (`each`, `fold`, `run`).
 * Nodes never see queues, counters or epochs; the runtime owns the iterators and does all three.
 */
import type { z } from 'zod'
import type { SortKey } from './compare.ts'
import type { KeyedFold } from './division.ts'
import { eachFromSource, type SourceBehaviour } from './each-source.ts'

export type Kind = 'generator' | 'processor' | 'consumer'

/** One value that travels. Treat it as read-only: other branches and taps may hold the same object. */
export type DataRecord = unknown

/** Records that travel together: 1 to 1024 of them. Never change a batch after it was sent or received. */
export type Batch = readonly DataRecord[]

/** What a port carries. `any` fits all; `error` is the shape of `ErrorRecord`. */
export type PortType = 'any' | 'text' | 'record' | 'number' | 'error'

export interface PortSpec {
  type: PortType
  /** One short line for tooltips and docs. */
  description: string
  /** An output that may stay without a wire; its records are then counted as dropped. */
  optional?: boolean
}

export interface Ports {
  in: Record<string, PortSpec>
  out: Record<string, PortSpec>
}

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

/** Laws that `test/contract-laws.test.ts` checks. */
export interface Laws {
  /** A record's result does not depend on the records before it. */
  stateless?: boolean
  /** Records leave in the order in which they came. */
  ordered?: boolean
  /** in = out (over all ports) + errors. */
  conserves?: boolean
  /** Batches it may hold back while its consumer stalls; 'all' for sort and group. */
  holds?: number | 'all'
  /** What its fold holds may travel to another thread: the fold has `pack` and `unpack`, whatever the config. */
  packs?: boolean
}

/** A run of the node on small data, in virtual time: documentation and test at once. */
export interface Example<Config> {
  title: string
  config: Partial<Config>
  /** Records by input port. */
  in?: Record<string, DataRecord[]>
  /** Records expected by output port (ports left out must stay empty). For consumers: what the table result holds. */
  out?: Record<string, DataRecord[]>
  /** Files to lay in the folder that relative paths resolve to, before it starts. */
  files?: Record<string, string>
  /** Text on standard input. */
  stdin?: string
  /** Files expected in that folder afterwards. */
  writes?: Record<string, string>
  /** Text expected on standard output. */
  prints?: string
  /** Virtual time at which it ends, in ms. */
  endsAtMs?: number
}

/** The group of keys a node is drawn with; data only. */
export interface Look {
  /** Name of a lucide icon in kebab-case, e.g. "filter". */
  icon: string
  /** The one line on the card: config fields in braces, e.g. "{rate} / s · burst {burst}". Lists join with ", ". */
  face: string
  /** What the dock shows for it besides records. */
  view?: 'table' | 'log'
}

/** Time, virtual in tests. All in milliseconds. */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with an AbortError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What one output port offers. `send` returns nothing when there was room, else a promise to await. */
export interface Output {
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

/** What every behaviour is given. */
export interface Setup<Config> {
  /** Id of this node in the flow. */
  node: string
  /** Validated config, defaults filled in. */
  config: Config
  clock: Clock
  io: NodeIo
  /** For nodes whose laws say `holds: 'all'`: the memory of the run is divided among them. */
  memory: Memory
  /** The first level of the order in which the records come, where the node before promises one with `sorts`. */
  sortedBy?: SortKey | undefined
  /** Tells the runtime that no further input is wanted: upstream stops, this node ends. */
  enough(): void
}

/** Output functions of an `each`, by port: `emit.out(record)`. */
export type Emit = Record<string, (record: DataRecord) => void>

/** Per record. A throw sends the record to the `error` port with the error's message as reason. */
export type EachBehaviour<Config> = (setup: Setup<Config>) => (record: DataRecord, emit: Emit) => void

/** Aggregates; runs as partials that are merged, so `add` may be called on several states. */
export interface Fold<State> {
  init(): State
  /** A throw sends the record to the `error` port. */
  add(state: State, record: DataRecord): void
  /** Joins b into a and returns the result; a saw its records earlier than b. */
  merge(a: State, b: State): State
  /**
   * What is to be done before `finish`, in steps of a few milliseconds: the runtime looks after other things between
   * them. Where nobody calls it, `finish` does the same at one go.
   */
  settle?(state: State): Iterable<unknown>
  /** The records of port `out`, in order. Called once; it makes each record when it is asked for, where that is much work. */
  finish(state: State): Iterable<DataRecord>
  /**
   * The state as data that may travel to another thread (structured clone), and back. Only folds that have both are
   * worked on by several workers; a state that holds whole records is not worth the journey.
   */
  pack?(state: State): unknown
  unpack?(packed: unknown): State
  /** For states that are held by key: workers divide them by it in place of `pack` and `merge`. See `NodeType.keyed`. */
  keyed?: KeyedFold<State>
}
export type FoldBehaviour<Config> = (setup: Setup<Config>) => Fold<unknown>

export interface RunContext<Config> extends Setup<Config> {
  /** Input ports: async iterables of batches; they end when every edge into the port has ended. */
  input: Record<string, AsyncIterable<Batch>>
  /** Output ports. With several edges on one port each gets the same records; without an edge they are dropped and counted. */
  output: Record<string, Output>
  /**
   * The shares of the split that this worker is to make, in order; absent: all of the work. `progress` then tells of
   * the share at hand alone (0 … its size), and the runtime adds up.
   */
  parts?: AsyncIterable<unknown>
  /** In place of the batches of `input.in`, where part workers have encoded them. */
  encoded?: AsyncIterable<EncodedBatch>
  /** Fires when the run is cancelled or when nobody downstream wants more. */
  signal: AbortSignal
  /**
   * Sends a record that failed to the `error` port, with its reason. `number` counts inputs from 1.
   * Throws RecordFailure, which ends the run, where nothing is wired there.
   */
  reject(failure: Omit<ErrorRecord, 'node'>): void | Promise<void>
  /** Adds to the bytes this node read or wrote. */
  addBytes(bytes: number): void
  /** How far a sized source is, in the unit of total (bytes, records). */
  progress(done: number, total: number): void
  /** For sources that make shares: lays down how the end of the share at hand is ceded. Called once for each share. */
  cedes(cede: Cede): void
  /** Where a consumer puts rows that people look at. */
  result: ResultSink
}

/** How a generator's work is cut into shares that may be done at once. */
export interface Split {
  /** JSON-safe, in the order of their records: the first share holds the first ones. */
  parts: unknown[]
  /** How much work they are together: bytes to read, or records to make where nothing is read. */
  bytes?: number
  records?: number
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

/** Full control. Returning ends the node and closes its outputs; throwing fails the run. */
export type RunBehaviour<Config> = (context: RunContext<Config>) => Promise<void>

/** A node type as its file defines it. */
export interface NodeType<Config = Record<string, unknown>> {
  /** Equals the file name; never changes. */
  type: string
  kind: Kind
  /** Version of the config; raise it together with a `migrate` entry. */
  version: number
  title: string
  /** One sentence, under 80 characters. */
  summary: string
  /** Markdown, a few sentences to a page: what it does with edge cases and bad input. */
  docs: string
  /** zod object; every field has `.meta({ title, description })` and a default unless it is required. */
  config: z.ZodType<Config>
  ports: Ports
  /** From version N-1 to N, keyed by N. */
  migrate?: Record<number, (old: Record<string, unknown>) => Record<string, unknown>>
  look: Look
  laws: Laws
  examples: Example<Config>[]
  each?: EachBehaviour<Config>
  /** In place of `each`: the same as text, which the runtime compiles into the node's loop. `each` is made of it. */
  eachSource?: SourceBehaviour<Setup<Config>>
  fold?: FoldBehaviour<Config>
  /** Whether the fold has `keyed`, so that workers exchange what they hold. */
  keyed?(config: Config): boolean
  /** False where an `each` takes any record whatever it is: it gets no `error` output. */
  refuses?: boolean
  run?: RunBehaviour<Config>
  /** For nodes whose `out` is in order: the first level of that order. A node behind may have enough early. */
  sorts?(config: Config): SortKey | undefined
  /** For consumers of bytes whose `run` honours `encoded`. */
  encode?: EncodeBehaviour<Config>
  /** For generators whose `run` honours `parts`. */
  split?: SplitBehaviour<Config>
  /** Further checks of a valid config, e.g. two fields that exclude each other. Returns field → message. */
  check?(config: Config): Record<string, string>
}

/** A node type whose config type is forgotten: what the registry holds and the runtime calls with parsed configs. */
export type AnyNodeType = NodeType

/** The output that failed records leave by. */
export const ERROR_PORT_NAME = 'error'

const IN: PortSpec = { type: 'any', description: 'Records to work on.' }
const OUT: PortSpec = { type: 'any', description: 'Records that were made.' }
/** Add `error: ERROR_PORT` to the outputs of a `run` node that calls `reject`. `each` and `fold` nodes get it by themselves. */
export const ERROR_PORT: PortSpec = {
  type: 'error',
  description: 'Records that failed, each with its reason. Without a wire the first one stops the run.',
  optional: true,
}

type Definition<Config> = Omit<NodeType<Config>, 'kind' | 'version' | 'ports'> & {
  version?: number
  ports?: { in?: Ports['in']; out?: Ports['out'] }
}

/** A node without inputs. Default ports: out. */
export function defineGenerator<Config>(definition: Definition<Config>): AnyNodeType {
  return complete('generator', definition, { in: {}, out: { out: OUT } })
}

/** A node with inputs and outputs. Default ports: in, out, and error for `each` and `fold`. */
export function defineProcessor<Config>(definition: Definition<Config>): AnyNodeType {
  return complete('processor', definition, { in: { in: IN }, out: { out: OUT } })
}

/** A node without outputs (but perhaps `error`). Default ports: in. */
export function defineConsumer<Config>(definition: Definition<Config>): AnyNodeType {
  return complete('consumer', definition, { in: { in: IN }, out: {} })
}

function complete<Config>(kind: Kind, definition: Definition<Config>, defaults: Ports): AnyNodeType {
  const out = definition.ports?.out ?? defaults.out
  const each = definition.eachSource ? eachFromSource(definition.eachSource) : definition.each
  const fails = definition.refuses !== false && (each !== undefined || definition.fold !== undefined)
  const type: NodeType<Config> = {
    ...definition,
    ...(each && { each }),
    kind,
    version: definition.version ?? 1,
    ports: {
      in: definition.ports?.in ?? defaults.in,
      out: fails && out['error'] === undefined ? { ...out, error: ERROR_PORT } : out,
    },
  }
  // Sound because the runtime only ever passes configs that `type.config` has parsed.
  return type as unknown as AnyNodeType
}

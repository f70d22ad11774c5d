/**
 * How a node type is written: plain data plus one or more behaviours (`each`, `fold`, `run`).
 * Nodes never see queues, counters or epochs; the runtime owns the iterators and does all three.
 */
import type { z } from 'zod'
import type { SortKey } from './compare.ts'
import type { KeyedFold } from './division.ts'
import { eachFromSource, type SourceBehaviour } from './each-source.ts'
import { once } from './once.ts'
import type { Batch, DataRecord, ErrorRecord } from './records.ts'
import type {
  EncodeBehaviour,
  EncodedBatch,
  Cede,
  FirstsBehaviour,
  SieveBehaviour,
  SplitBehaviour,
  SpreadBehaviour,
} from './shared-work.ts'
import type { Clock, Memory, NodeIo, Output, ResultSink } from './surroundings.ts'

export type * from './records.ts'
export type * from './shared-work.ts'
export type * from './surroundings.ts'

export type Kind = 'generator' | 'processor' | 'consumer'

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
  /** True of an input that other workers have a copy of, where one of them says already what is wrong with its records. */
  isCopy(port: string): boolean
  /** In place of the batches of `input.in`, where part workers have encoded them. */
  encoded?: AsyncIterable<EncodedBatch>
  /** Fires when the run is cancelled or when nobody downstream wants more. */
  signal: AbortSignal
  /**
   * Sends a record that failed to the `error` port, with its reason. `number` counts inputs from 1.
   * Throws RecordFailure, which ends the run, where nothing is wired there.
   */
  reject(failure: Omit<ErrorRecord, 'node'>): void | Promise<void>
  /** Says in a few words, once, why nothing moves: what the node waits for, where nobody could see it. */
  tell(text: string): void
  /** Adds to the bytes this node read or wrote. */
  addBytes(bytes: number): void
  /** How far a sized source is, in the unit of total (bytes, records). */
  progress(done: number, total: number): void
  /** For sources that make shares: lays down how the end of the share at hand is ceded. Called once for each share. */
  cedes(cede: Cede): void
  /** Where a consumer puts rows that people look at. */
  result: ResultSink
}

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
  /**
   * For nodes whose laws say `holds: 'all'`: bytes that they will hardly hold more of, where their settings tell. The rest
   * of the run's memory is for others; what does not fit goes to disk, as ever.
   */
  holdsAbout?(config: Config): number
  /** Whether the fold has `keyed`, so that workers exchange what they hold. */
  keyed?(config: Config): boolean
  /** False where an `each` takes any record whatever it is: it gets no `error` output. */
  refuses?: boolean
  run?: RunBehaviour<Config>
  /** For nodes whose `out` is in order: the first level of that order. A node behind may have enough early. */
  sorts?(config: Config): SortKey | undefined
  /** For consumers of bytes whose `run` honours `encoded`. */
  encode?: EncodeBehaviour<Config>
  /** For nodes with `run` that drop records like those before, and honour `SIEVED`. */
  sieve?: SieveBehaviour<Config>
  /**
   * For nodes with `run` that do no more than this: workers read the keys, one place decides, in the order of the records, and
   * these stay where they are.
   */
  firsts?: FirstsBehaviour<Config>
  /** For nodes with `run` that hold one input and take the records of another by themselves; they honour `isCopy`. */
  spread?: SpreadBehaviour<Config>
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

type Definition<Config> = Omit<NodeType<Config>, 'kind' | 'version' | 'ports' | 'config'> & {
  /** Makes the settings' schema. A function, as every thread of every run loads all types, and uses a few. */
  config(): z.ZodType<Config>
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
  const config = once(definition.config)
  const type: NodeType<Config> = {
    ...definition,
    get config() {
      return config()
    },
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

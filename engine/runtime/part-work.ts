/**
 * The seam between a run and the workers that share a stage. The work of a stage is cut into shares in the order of
 * their records (`NodeType.split`). Each part worker does its shares with a `PartWork`: the row tier's is a loop over
 * the nodes' own code, the kernel tier's a scan over bytes. What is held at the end comes back as packed states, and a
 * `StageMerge` in the run's own thread makes the stage's records of them.
 */
import type { Piece } from '../spec/division.ts'
import type { Key } from '../spec/identity.ts'
import type { Flow, Plan } from '../host/protocol.ts'
import type { AnyNodeType, Batch, Clock, EncodedBatch, NodeIo, Setup } from '../spec/node.ts'
import type { EdgeMeters, MeterPage, NodeMeters } from './meter.ts'
import type { Travelling } from './travelling.ts'

/** What both sides of a shared stage are made with. */
export interface PartSetup {
  flow: Flow
  plan: Plan
  /** Index of the stage in the plan. */
  stage: number
  /** Nodes that the part workers run, the head first, in the order in which records meet them. */
  nodes: readonly string[]
  /** What the tier's program function said when the stage was planned; absent in the row tier. JSON-safe. */
  program?: unknown
  /** Edges that leave as bytes. */
  encoded: readonly string[]
  /** Edges from elsewhere whose records each part gets. */
  copies: readonly string[]
  registry: ReadonlyMap<string, AnyNodeType>
  io: NodeIo
  clock: Clock
  /** The page of this thread: counts are added to it, at the places that the plan gives nodes and edges. */
  meters: MeterPage
  /** False: count nothing and keep no records of the wires. */
  metered: boolean
}

/** Executes one worker's shares of a stage. */
export interface PartWork {
  /**
   * Does the shares one after the other and sends what comes of them; settles when all are done, or after `stop` or
   * `fail`. Gives the event loop a turn every 10 ms or so, so that a stop is seen.
   * @throws RecordFailure (its `number` counted from this worker's first share, its `line` in the whole file), or NodeFailure
   */
  run(parts: AsyncIterable<unknown>, out: PartOutput): Promise<void>
  /** The source ends now; what is held so far is sent as if this were the end. */
  stop(): void
  /** The run has failed elsewhere: ends now and sends nothing more. */
  fail(): void
  /** Nobody reads this edge any more: what would leave by it is dropped and counted. */
  left(edge: string): void
  /** Takes records of an edge that each part gets all of; undefined: there are no more. Returns a promise where there is no room. */
  copy?(edge: string, batch: Batch | undefined): void | Promise<void>
  /** Another part does the share: what it has copies of can go. */
  giveUp?(): void
  /** What the records of the oldest batch of a node are whose keys were sent. */
  decided?(node: string, said: Uint8Array): void
  /** The source gives away the end of the share at hand, if as much is left; see `Cede`. */
  cede?(least: number): unknown | undefined
  /** The last records of an edge inside the stage or out of it; undefined where it is not one of these. */
  tap(edge: string, limit: number): Batch | undefined
  /**
   * Records that have come to each node that numbers what it refuses, by its id: what the numbers of later shares
   * are raised by. A source tells places in the whole file itself, and is left out.
   */
  came(): Record<string, number>
}

/** Where a part sends to. */
export interface PartOutput {
  /**
   * Records on an edge that leaves the stage. The sender has counted them on its page (node and edge). Returns a
   * promise where there is no room. They are read in the order of the shares, so they may wait for other workers.
   * `bytes`: what the records take in memory, where that is known; needed for packed ones. `number` in error records counts from this worker's first share; the reader makes it that of the whole input.
   */
  records(edge: string, batch: Travelling, bytes?: number): void | Promise<void>
  /** What is sent arrives in the same thread: there is nothing to pack. */
  readonly isLocal: boolean
  /**
   * The same for an edge to a consumer that takes bytes (`NodeType.encode`), so that the run's thread only writes them.
   * The buffer goes over to the reader. All that came of a share has to be sent before the next share is asked for.
   */
  encoded(edge: string, piece: EncodedBatch): void | Promise<void>
  /**
   * What the first record of an edge has decided, for encoders that ask; `{}` where that record is in the share at hand,
   * if it has one. Undefined where the run has failed meanwhile.
   */
  header(edge: string): Promise<{ header?: unknown } | undefined>
  /** Asks which of the records with these keys are the first of theirs; answered by `PartWork.decided`. */
  keys(node: string, keys: readonly Key[]): void
  /** Gives away records that can be decided only when all have come. @throws NodeFailure where they cannot travel */
  held(node: string, records: Batch): void
  /**
   * Says that the part has all that it gets a copy of, or had to go to the disk with it. True when it may begin, false where
   * another part does its share.
   */
  ready(onDisk: boolean): Promise<boolean>
  /** What `node` holds after the last share: once, at the end, as data that structured clone takes. */
  state(node: string, packed: unknown, transfer?: readonly ArrayBuffer[]): void
  /**
   * Says that no more records or errors come, so that those of later shares can pass. To be called before the first
   * wait for another part, which may wait for this one.
   */
  through(): void
  /** Whether this part has sent a state of the node before, of another share. */
  hasSent(node: string): boolean
  readonly exchange: PartExchange
}

/**
 * How the parts of a stage divide what a node holds among them by key, before they send their states. Each node's
 * pieces go from every part to every other one, in an order of their own. All parts that take part in it exchange the
 * same nodes in the same order.
 */
export interface PartExchange {
  /** The place of this part, in the order of the shares that the parts begin with, and how many there are. */
  readonly part: number
  readonly parts: number
  /** True once a part has ended without saying all: what is exchanged is of no use, and nothing need be sent. */
  readonly isVoid: boolean
  /** Sends a piece to another part. Returns a promise where that part has several of them to take. */
  send(node: string, to: number, piece: Piece): void | Promise<void>
  /** Says that the other part has got all pieces. */
  end(node: string, to: number): void
  /** What another part sends, piece by piece, until it has said all or is gone. */
  pieces(node: string, from: number): AsyncIterable<Piece>
  /** The next piece that another part sends: `whole` where that was all, `gone` where the part ended before. */
  next(node: string, from: number): Promise<Piece | 'whole' | 'gone'>
}

/** What the records of a stage are made with, in the run's own thread. */
export interface MergeSetup extends Omit<PartSetup, 'clock' | 'meters' | 'metered' | 'encoded' | 'copies'> {
  /** What the node that the stage ends in is given. */
  node: Omit<Setup<Record<string, unknown>>, 'enough'>
}

/** Makes the records of one node of a stage out of what the parts held. Lives in the run's own thread. */
export interface StageMerge {
  /** Whose records these are: the last of the nodes that it stands for. */
  readonly node: string
  /** What it makes records of is on disk, at least in part: a stopped run does not wait for that. */
  readonly onDisk?: boolean
  /**
   * The node's records, in batches of at most 1024, pulled one by one as there is room; not pulled further after a stop.
   * Long work in between awaits now and then. The caller counts the records on `node` and its edges.
   * @param states by part, in order of the shares: earlier ones saw their records earlier
   * @throws NodeFailure
   */
  records(states: readonly unknown[], context: MergeContext): Iterable<Batch> | AsyncIterable<Batch>
}

/** Where a merge counts for the nodes before `node` that it stands for too (a group before a top). */
export interface MergeContext {
  meters(node: string): NodeMeters
  edge(id: string): EdgeMeters
  /** Shows records as the last ones of an edge. */
  show(edge: string, batch: Batch): void
  /** Fires when nobody wants the records any more, or when the run was stopped or has failed. */
  signal: AbortSignal
}

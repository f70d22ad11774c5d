/** What a run and one of its part workers say to each other about one shared stage, over a MessagePort of its own. */
import type { Piece } from '../spec/division.ts'
import type { EncodedBatch, ErrorRecord } from '../spec/node.ts'
import type { RecordFileData } from '../spill/record-file.ts'
import type { Travelling } from './travelling.ts'

/** From the run to the part. */
export type ToPart =
  /** One batch of the edge was taken: there is room for another. */
  | { say: 'room'; edge: string }
  | { say: 'left'; edge: string }
  /** The answer to 'header': what the first record of all has decided; absent: this share is the first that has one. */
  | { say: 'header'; edge: string; header?: unknown }
  /** The answer to 'want': the share to do behind the one at hand; absent: there is none left. */
  | { say: 'share'; share?: { work: unknown } }
  /** The shares before the one at hand are through: nothing of it need be laid aside. */
  | { say: 'turn' }
  /** Somebody has nothing to do: the end of the share at hand is asked for, if as much of it is not begun. */
  | { say: 'cede'; least: number }
  | { say: 'stop' }
  | { say: 'fail' }
  /** A piece of what `node` held in another part, whose keys are this part's own; absent: that was all of that part. */
  | { say: 'bucket'; node: string; from: number; piece?: Piece }
  /** Another part has taken a piece: there is room for one more. */
  | { say: 'taken'; node: string; to: number }
  /** Another part sends nothing more, whether or not it has said all. */
  | { say: 'gone'; part: number }
  /** Records of an edge that each part gets; absent: there are no more. */
  | { say: 'copy'; edge: string; batch?: Travelling }
  /** The answer to 'keys': what the records of the oldest batch are; see `FirstDeciders`. */
  | { say: 'decided'; node: string; said: Uint8Array }
  /** The answer to 'ready': the part may begin, or another one does its share, too. */
  | { say: 'begin'; sits: boolean }
  /** What the part sent has been used: what it has laid aside can go. The last message. */
  | { say: 'over' }

/** From the part to the run. */
export type FromPart =
  | { say: 'records'; edge: string; batch: Travelling; bytes: number }
  | { say: 'encoded'; edge: string; piece: EncodedBatch }
  /** Pieces of an edge that were laid aside, in their order, with so many records. The run removes the file. */
  | { say: 'laid'; edge: string; file: RecordFileData; records: number }
  /** The share at hand has records for this edge, and goes no further without its header; see `Encoder`. */
  | { say: 'header'; edge: string }
  /**
   * A share is begun, and the one behind it is asked for, so that nobody waits for it. Where there may be more of them.
   * Where shares are ceded it is said when one is through.
   */
  | { say: 'want' }
  /** A share is through, and all that came of it is sent: what follows is of the next one. */
  | { say: 'next'; came: Record<string, number> }
  /**
   * The last share is through, before what the folds hold is sent or exchanged: others may wait for this share, and
   * this part for them. `stopped` as in 'ended'.
   */
  | { say: 'through'; came: Record<string, number>; stopped: boolean }
  /** For another part, through the run: see 'bucket' there. */
  | { say: 'bucket'; node: string; to: number; piece?: Piece }
  /** A piece of that part was taken. */
  | { say: 'taken'; node: string; from: number }
  /** The keys of a batch that a node holds until it is told which are new. */
  | { say: 'keys'; node: string; keys: Travelling }
  /** The records of it that can be decided only when all have come. */
  | { say: 'held'; node: string; batch: Travelling }
  /** It has all that it gets a copy of, or has had to go to the disk with it. Until it may begin it reads nothing. */
  | { say: 'ready'; onDisk: boolean }
  /** The part has taken a batch of those that all get. */
  | { say: 'copied' }
  /** The answer to 'cede': the work of a new share, behind the one at hand; absent: there is too little left. */
  | { say: 'ceded'; share?: { work: unknown } }
  | { say: 'state'; node: string; packed: unknown }
  | { say: 'failed'; failure: PartFailure }
  /**
   * The last message, however it ended. `came`: records that reached each node in this worker so far, by its id;
   * `stopped`: whether a stop may have come before the end of the last share.
   */
  | { say: 'ended'; came: Record<string, number>; stopped: boolean }

/** A failure as it travels: the classes do not survive. */
export type PartFailure =
  | { kind: 'record'; record: ErrorRecord }
  | { kind: 'node'; node: string; message: string; remedy?: string; field?: string }
  | { kind: 'internal'; message: string }

/** Pieces of bytes of one edge that a part may send before they are taken. */
export const WINDOW = 16

/** The same for batches of records, so that a worker goes on while the run's thread does a share of its own. */
export const BATCH_WINDOW = 32

/** Pieces of what one node holds that a part may send to another one before they are taken. */
export const PIECES = 4

/** The side of a port that both kinds of thread have, and that tests make in one thread. */
export interface PartPort {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  close(): void
  /** What is sent arrives in the same thread, records as they are. */
  readonly isLocal?: boolean
}

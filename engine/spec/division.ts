/**
 * How the workers of a stage divide what a fold holds among them by key, so that each key is held by one of them and
 * only the results are left to be put in order. Each worker makes a `Division` of its state. Where workers are
 * numbered, it is in the order of their records: earlier ones saw theirs earlier.
 */

/** A part of a state on its way to another thread. */
export interface Piece {
  /** What structured clone takes. */
  data: unknown
  /** Buffers in it, which go over to the receiver. */
  buffers?: readonly ArrayBuffer[]
}

/** What a worker owns in the end. */
export interface Owned extends Piece {
  owned: true
  /** A stopped run does not wait for what is on disk. */
  onDisk: boolean
}

/** Where a worker stands among those of its stage. */
export interface Place {
  part: number
  parts: number
}

export function isOwned(state: unknown): state is Owned {
  return typeof state === 'object' && state !== null && 'owned' in state
}

/** Steps of a few milliseconds, between which others get their turn. */
export type Steps<Result = void> = Generator<undefined, Result>

/** Called in this order; `piecesFor` and `take` at the same time. */
export interface Division {
  /** What all have to know of this state before they begin: little, and what structured clone takes. */
  readonly word: unknown
  /** Gets ready to send. @param words those of all workers, this one's too */
  prepare(words: readonly unknown[]): Steps
  /** What belongs to another worker; undefined offers a pause. */
  piecesFor(to: number): Iterable<Piece | undefined>
  /**
   * Takes a piece, in one step. First come those of the worker before this one, then of the one before that, and so on to the first;
   * then those of the worker behind it, and so on to the last: what is merged has seen neighbouring records.
   */
  take(from: number, piece: Piece): void
  /** What this worker owns when all pieces were taken. */
  owned(): Steps<Owned>
}

/** What a fold has whose state can be divided. */
export interface KeyedFold<State> {
  /** False where a worker holds so little that merging it costs less than dividing it. */
  isMuch(state: State): boolean
  divide(state: State, place: Place): Division
  /**
   * The records that one worker would have made of it all, in the run's own thread; undefined offers a pause.
   * @param owned what each worker owned in the end, in their order
   * @throws NodeError where it is more than the node may hold
   */
  combine(owned: readonly Owned[]): Iterable<unknown>
}

/**
 * Sorts more values than memory holds. Values gather in sorted pieces; when those reach the limit, they are merged
 * into a run on disk, and many runs into one longer run. That is done a little with each value that is added, and the
 * last merge while the result is read: no step is long enough to keep a stop waiting.
 */
import type { Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { mergeSorted } from './merge.ts'
import { blockBytesFor } from './record-file.ts'
import { SortedRun } from './sorted-run.ts'
import { tooLarge } from './spill-error.ts'

/** Values that are sorted at once: some 30 ms of work. */
const PIECE_RECORDS = 32_768
/** Runs that are read at once. */
const MOST_RUNS = 64
/** How full memory is when writing begins; the rest is for what comes meanwhile. */
const FULL = 0.8
/** Bytes that are written for each byte that is added, while there is something to write. */
const PACE = 4
const STEP_BYTES = 128 * 1024

export class ExternalSorter<Value> {
  readonly #memory: Memory
  readonly #compare: (a: Value, b: Value) => number
  readonly #blockBytes: number
  readonly #mostRuns: number
  /** In the order in which their values came, as all runs are. */
  #runs: SortedRun<Value>[] = []
  #pieces: Value[][] = []
  #piece: Value[] = []
  #pieceBytes = 0
  /** Bytes in the pieces. */
  #held = 0
  /** Bytes that were added since something was last written. */
  #due = 0
  #writing = false
  #count = 0

  constructor(memory: Memory, compare: (a: Value, b: Value) => number) {
    this.#memory = memory
    this.#compare = compare
    this.#blockBytes = blockBytesFor(memory, MOST_RUNS)
    this.#mostRuns = Math.max(4, Math.min(MOST_RUNS, Math.floor(memory.bytes / 4 / this.#blockBytes)))
  }

  /** Values that were added. */
  get count(): number {
    return this.#count
  }

  /**
   * @param bytes what the value takes in memory
   * @throws NodeError where one value is more than memory holds, or the disk cannot take them
   */
  add(value: Value, bytes = recordBytes(value)): void {
    this.#piece.push(value)
    this.#count++
    this.#pieceBytes += bytes
    this.#held += bytes
    if (this.#piece.length === PIECE_RECORDS || this.#pieceBytes * 4 > this.#memory.bytes) this.#seal()
    if (this.#held > this.#memory.bytes * FULL) this.#begin(bytes)
    if (!this.#writing) return
    this.#due += bytes
    if (this.#due >= STEP_BYTES || this.#due * 16 > this.#memory.bytes) this.#write()
  }

  /** All values in order; of equal ones the one that was added first. To be read once: what was read is forgotten. */
  sorted(): Generator<Value, undefined> {
    this.#seal()
    const runs = this.#runs.map((run) => run.blocks())
    const pieces = this.#pieces.map((piece) => [piece].values())
    this.#runs = []
    this.#pieces = []
    return mergeSorted([...runs, ...pieces], this.#compare)
  }

  /** Forgets all values and removes the files. */
  clear(): void {
    for (const run of this.#runs) run.remove()
    this.#runs = []
    this.#pieces = []
    this.#piece = []
    this.#held = this.#pieceBytes = this.#count = 0
    this.#writing = false
  }

  #seal(): void {
    if (this.#piece.length === 0) return
    this.#pieces.push(sortedPiece(this.#piece, this.#compare))
    this.#piece = []
    this.#pieceBytes = 0
  }

  /** Memory is full: all that is in it becomes a run. */
  #begin(bytes: number): void {
    if (bytes > this.#memory.bytes) throw tooLarge(bytes, this.#memory)
    this.#seal()
    // Writing is faster than adding, so what was begun before is done by now, or nearly.
    for (const run of this.#runs) if (run.level === 0) run.write(Infinity)
    const pieces = this.#pieces.map((piece) => [piece].values())
    this.#runs.push(
      new SortedRun(this.#memory, {
        level: 0,
        values: mergeSorted(pieces, this.#compare),
        blockBytes: this.#blockBytes,
      }),
    )
    this.#pieces = []
    this.#held = 0
    this.#writing = true
    this.#join()
  }

  #write(): void {
    const bytes = this.#due * PACE
    this.#due = 0
    this.#writing = false
    for (const run of this.#runs) {
      run.write(bytes)
      if (!run.isWritten) this.#writing = true
    }
  }

  /** Where there are many runs of one level, they become one of the next. Neighbours only: order is kept. */
  #join(): void {
    const highest = this.#runs[0]!.level
    for (let level = 0; level <= highest; level++) {
      const first = this.#runs.findIndex((run) => run.level === level)
      if (first < 0) continue
      const end = this.#runs.findIndex((run, at) => at >= first && (run.level !== level || !run.isWritten))
      const joined = this.#runs.slice(first, end < 0 ? undefined : end)
      if (joined.length < this.#mostRuns) continue
      const values = mergeSorted(
        joined.map((run) => run.blocks()),
        this.#compare,
      )
      const run = new SortedRun(this.#memory, { level: level + 1, values, blockBytes: this.#blockBytes })
      this.#runs.splice(first, joined.length, run)
    }
  }
}

/** Sorting keeps equal values in order, but for undefined, which it puts last without asking: that is hidden from it. */
function sortedPiece<Value>(piece: Value[], compare: (a: Value, b: Value) => number): Value[] {
  if (!piece.includes(undefined as Value)) return piece.sort(compare)
  return piece
    .map((value) => ({ value }))
    .sort((a, b) => compare(a.value, b.value))
    .map(({ value }) => value)
}

/**
 * Sorts more records than memory holds. While they fit they stay as they are. From then on they are bytes: entries
 * gather in a buffer; a full one is sorted and written while the next one is filled, a little with each record, so that
 * no step is long enough to keep a stop waiting. The runs are merged while the result is read.
 */
import type { Memory } from '../../spec/node.ts'
import { recordBytes } from '../../spec/record-size.ts'
import { ExternalSorter } from '../external-sorter.ts'
import { blockBytesFor } from '../record-file.ts'
import { tooLarge } from '../spill-error.ts'
import { EntryCodec, entryLength, type SortLevel } from './entries.ts'
import { EntryBuffer } from './entry-buffer.ts'
import { EntryMerge, EntryRun } from './entry-run.ts'

/** Runs that are read at once. */
const MOST_RUNS = 64
/** How full memory is when records become bytes. */
const FULL = 0.8
/** What is to be written is written by the time the other buffer is half full, in so many portions. */
const PORTIONS = 64

export interface RecordOrder {
  levels: readonly SortLevel[]
  /** The same as a comparison. */
  compare(a: unknown, b: unknown): number
}

export class RecordSorter {
  readonly #memory: Memory
  readonly #codec: EntryCodec
  readonly #blockBytes: number
  /** Bytes of a buffer. */
  readonly #full: number
  /** All records, until they are too many; then those that are still to be written. */
  #few: ExternalSorter<unknown>
  #held = 0
  #count = 0
  /** Where records go once there are runs. */
  #buffer: EntryBuffer | undefined
  #spare: EntryBuffer | undefined
  #runs: EntryRun[] = []
  #work: Iterator<undefined> | undefined
  /** Bytes of the buffer at which the work goes on, and how many steps of it. */
  #next = 0
  #stepsEach = 1

  constructor(memory: Memory, { levels, compare }: RecordOrder) {
    this.#memory = memory
    this.#codec = new EntryCodec(levels, compare)
    this.#blockBytes = blockBytesFor(memory, MOST_RUNS)
    this.#full = memory.bytes / 2
    // It is told of no limit: when there are too many, they go on to disk from here.
    this.#few = new ExternalSorter({ ...memory, bytes: Infinity }, compare)
  }

  /** Records that were added. */
  get count(): number {
    return this.#count
  }

  /** @throws NodeError where one record is more than memory holds, or the disk cannot take them */
  add(record: unknown): void {
    this.#count++
    if (this.#buffer) return this.#addBytes(this.#buffer, record)
    const bytes = recordBytes(record)
    if (bytes > this.#memory.bytes) throw tooLarge(bytes, this.#memory)
    this.#few.add(record, bytes)
    this.#held += bytes
    if (this.#held > this.#memory.bytes * FULL) this.#begin()
  }

  /** Puts all on disk that is on its way there, in steps. */
  *settle(): Generator<undefined, undefined> {
    if (!this.#buffer) return
    yield* this.#finish()
    this.#turnOver()
    yield* this.#finish()
    // Nothing comes any more: the room is for the blocks of the merge.
    this.#buffer = new EntryBuffer(this.#codec, 0)
    this.#spare = undefined
    for (let at = 0; this.#runs.length > MOST_RUNS; at++) {
      // Each run is joined once before any is joined again.
      if (at >= this.#runs.length - 1) at = 0
      yield* this.#joinAt(at)
    }
    return undefined
  }

  /** All records in order; of equal ones the one that was added first. To be read once. */
  *sorted(): Generator<unknown, undefined> {
    if (!this.#buffer) return yield* this.#few.sorted()
    for (const _ of this.settle());
    const merge = new EntryMerge(this.#codec, this.#runs)
    try {
      for (let least = merge.least; least; least = merge.least) {
        yield this.#codec.record(least.bytes, least.start)
        merge.advance()
      }
    } finally {
      this.clear()
    }
    return undefined
  }

  /** Forgets all records and removes the files. */
  clear(): void {
    for (const run of this.#runs) run.remove()
    this.#runs = []
    this.#few.clear()
    this.#work = undefined
  }

  #addBytes(buffer: EntryBuffer, record: unknown): void {
    const before = buffer.buffer.end
    buffer.add(record)
    const { bytes } = buffer
    if (buffer.buffer.end - before > this.#memory.bytes)
      throw tooLarge(buffer.buffer.end - before, this.#memory)
    if (bytes >= this.#full || buffer.isFull) {
      for (const _ of this.#finish());
      this.#turnOver()
    } else if (this.#work && bytes >= this.#next) {
      this.#next = bytes + this.#full / (2 * PORTIONS)
      for (let left = this.#stepsEach; this.#work && left > 0; left--) this.#step()
    }
  }

  /** Records become bytes. */
  #begin(): void {
    this.#buffer = new EntryBuffer(this.#codec, this.#full)
    const run = this.#newRun()
    const values = this.#few.sorted()
    this.#work = run.write((into) => {
      const { done, value } = values.next()
      if (!done) this.#codec.put(into, value)
      return !done
    })
    this.#plan(this.#held)
  }

  /** The buffer is on its way to disk, and another one in its place. */
  #turnOver(): void {
    const full = this.#buffer!
    this.#buffer = this.#spare ?? new EntryBuffer(this.#codec, this.#full)
    this.#spare = full
    if (full.count === 0) return
    this.#work = this.#writeBuffer(full, this.#newRun())
    this.#plan(full.bytes)
  }

  *#writeBuffer(full: EntryBuffer, run: EntryRun): Generator<undefined, undefined> {
    yield* full.sort()
    const { bytes, words } = full.buffer
    let at = 0
    yield* run.write((into) => {
      if (at === full.count) return false
      const start = full.startAt(at++)
      into.copyWords(words, start, entryLength(bytes, start))
      return true
    })
    full.clear()
    return undefined
  }

  #plan(bytes: number): void {
    this.#next = 0
    this.#stepsEach = Math.ceil((2 * bytes) / this.#blockBytes / PORTIONS)
  }

  #newRun(): EntryRun {
    const run = new EntryRun(this.#memory, this.#blockBytes)
    this.#runs.push(run)
    return run
  }

  #step(): void {
    if (this.#work?.next().done) this.#work = undefined
  }

  *#finish(): Generator<undefined, undefined> {
    while (this.#work) {
      this.#step()
      yield undefined
    }
    return undefined
  }

  /** Some runs become one, no more than have to: neighbours only, so that order is kept. */
  *#joinAt(at: number): Generator<undefined, undefined> {
    const joined = this.#runs.slice(at, at + Math.min(MOST_RUNS, this.#runs.length - MOST_RUNS + 1))
    const run = new EntryRun(this.#memory, this.#blockBytes)
    this.#runs.splice(at, joined.length, run)
    const merge = new EntryMerge(this.#codec, joined)
    yield* run.write((into) => {
      merge.least?.put(into)
      if (merge.least) merge.advance()
      return merge.least !== undefined
    })
    return undefined
  }
}

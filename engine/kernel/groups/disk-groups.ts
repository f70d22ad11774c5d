/** Merges what several workers have laid on disk, one bucket of keys after the other; one that is too large is divided. */
import type { Memory } from '../../spec/node.ts'
import type { BucketRooms } from './bucket-rooms.ts'
import type { ByHash } from './group-bytes.ts'
import {
  FIRST_BITS,
  GroupFile,
  GroupFileReader,
  type PieceRange,
  type GroupSegment,
  type GroupsOnDisk,
  type LeftSegment,
} from './group-file.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { BUCKETS } from '../layout.ts'

export interface DiskGroupsSetup {
  memory: KernelMemory
  /** The table that buckets are merged in. */
  groups: KernelGroups
  keys: number
  rooms: BucketRooms
  file: Pick<Memory, 'newFile'>
  /** What a bucket may take. */
  bytes: number
}

/** What groups take in a table with their slots, beside what they take on disk. */
const SLOTS_FACTOR = 1.5
const MOST_BITS = Math.log2(BUCKETS)

/** The bits below, as many as make buckets that are so many times smaller; undefined where none are wanted, or left. */
function finerBits({ shift }: ByHash, times: number): ByHash | undefined {
  if (times <= 1 || shift === 0) return undefined
  const bits = Math.min(MOST_BITS, shift, Math.ceil(Math.log2(times)))
  return { shift: shift - bits, bits, buckets: 1 << bits }
}

/** What a bucket is made of. */
interface Bucket {
  segments: (GroupSegment & { of: number })[]
  left: (LeftSegment & { of: number })[]
}

export class DiskGroups {
  /** Groups of all workers' tables; those that are the same are counted as often as they are there. */
  readonly count: number
  readonly bytes: number
  readonly #setup: DiskGroupsSetup
  readonly #readers: GroupFileReader[]
  /** What an index in a run of a file's is raised by to be its number, by file, run and piece. */
  readonly #bases = new Map<string, number>()

  constructor(setup: DiskGroupsSetup, files: readonly GroupsOnDisk[]) {
    this.#setup = setup
    this.#readers = files.map((file) => new GroupFileReader(file))
    const runs = files.flatMap(({ runs }, of) => runs.map((run) => ({ ...run, of })))
    let count = 0
    for (const { of, run, piece, first, count: groups } of runs.sort(byPiece)) {
      this.#bases.set(`${of} ${run} ${piece}`, count - first)
      count += groups
    }
    this.count = count
    this.bytes = files.reduce(
      (sum, { segments }) => sum + segments.reduce((all, { length }) => all + length, 0),
      0,
    )
  }

  /**
   * Fills the table with the groups of some keys at a time, whole ones, in the order in which they were first seen, and
   * says `true`; undefined is a good moment to look after other things.
   * @throws NodeError where the files cannot be read, or written
   */
  *buckets(): Generator<true | undefined, undefined> {
    try {
      yield* this.#merged(this.#readers, FIRST_BITS)
    } finally {
      for (const reader of this.#readers) reader.close()
    }
    return undefined
  }

  *#merged(readers: readonly GroupFileReader[], by: ByHash): Generator<true | undefined, undefined> {
    for (const bucket of bucketsOf(readers)) {
      if (bucket.segments.length === 0) continue
      const bytes = bucket.segments.reduce((sum, { length }) => sum + length, 0)
      const finer = finerBits(by, (bytes * SLOTS_FACTOR) / this.#setup.bytes)
      if (finer) yield* this.#divided(bucket, readers, finer)
      else {
        yield* this.#mergeOne(bucket, readers)
        yield true
        this.#setup.groups.clear()
      }
    }
    return undefined
  }

  *#mergeOne(
    { segments, left }: Bucket,
    readers: readonly GroupFileReader[],
  ): Generator<undefined, undefined> {
    const { groups } = this.#setup
    const indexes = new Map<string, Map<number, number>>()
    for (const { of, run } of left) indexes.set(`${of} ${run}`, new Map())
    for (const segment of segments) {
      const { of, run, piece } = segment
      const base = this.#bases.get(`${of} ${run} ${piece}`)!
      const bytes = readers[of]!.read(segment)
      groups.mergeChunk({ bytes }, { base, indexes: indexes.get(`${of} ${run}`) })
      yield undefined
    }
    for (const segment of left) {
      const { of, run } = segment
      groups.mergeLeft(readers[of]!.readLeft(segment), indexes.get(`${of} ${run}`))
      yield undefined
    }
    return undefined
  }

  /** Divides a bucket by further bits, file by file. */
  *#divided(
    bucket: Bucket,
    readers: readonly GroupFileReader[],
    by: ByHash,
  ): Generator<true | undefined, undefined> {
    const files = readers.map(() => this.#newFile(by))
    try {
      for (const [of, file] of files.entries()) {
        const mine = <Segment extends { of: number }>(all: Segment[]) => all.filter((one) => one.of === of)
        yield* this.#divideOne(file, readers[of]!, {
          segments: mine(bucket.segments),
          left: mine(bucket.left),
        })
      }
      const smaller = files.map((file) => new GroupFileReader(file.data()))
      try {
        yield* this.#merged(smaller, by)
      } finally {
        for (const reader of smaller) reader.close()
      }
    } finally {
      for (const file of files) file.remove()
    }
    return undefined
  }

  *#divideOne(
    file: GroupFile,
    reader: GroupFileReader,
    { segments, left }: Bucket,
  ): Generator<undefined, undefined> {
    const { memory } = this.#setup
    for (const run of new Set(segments.map((segment) => segment.run))) {
      const ranges: PieceRange[] = []
      const ofRun = segments.filter((segment) => segment.run === run)
      // Where JavaScript held something, all groups of the run are looked through for it.
      const leftOfRun = left
        .filter((segment) => segment.run === run)
        .map((segment) => reader.readLeft(segment))
      let at = this.#room(ofRun.reduce((sum, { length }) => sum + length, 0))
      for (const segment of ofRun) {
        const bytes = reader.read(segment)
        memory.bytes.set(bytes, at)
        const range = { piece: segment.piece, from: at, to: at + bytes.length }
        ranges.push(range)
        file.write(run, range)
        at = range.to
        yield undefined
      }
      for (const one of leftOfRun) file.writeLeft(run, one, ranges)
    }
    return undefined
  }

  #roomAt = 0
  #roomBytes = 0
  /** Memory for so many bytes, which is used again. */
  #room(bytes: number): number {
    if (bytes > this.#roomBytes) this.#roomAt = this.#setup.memory.allocate((this.#roomBytes = bytes))
    return this.#roomAt
  }

  #newFile(by: ByHash): GroupFile {
    const { memory, groups, keys, rooms, file } = this.#setup
    const shape = { aggregates: groups.functions.length, keys }
    return new GroupFile(file, { memory, table: groups.address, shape, by, rooms })
  }
}

function byPiece(
  a: { piece: number; of: number; run: number },
  b: { piece: number; of: number; run: number },
): number {
  // A piece is one worker's; of several runs that touch it, the earlier one had its beginning.
  return a.piece - b.piece || a.of - b.of || a.run - b.run
}

/** What is in each bucket, in the order of the source. */
function bucketsOf(readers: readonly GroupFileReader[]): Bucket[] {
  const buckets = Array.from({ length: BUCKETS }, (): Bucket => ({ segments: [], left: [] }))
  readers.forEach(({ data }, of) => {
    for (const segment of data.segments) buckets[segment.bucket]!.segments.push({ ...segment, of })
    for (const segment of data.left) buckets[segment.bucket]!.left.push({ ...segment, of })
  })
  for (const { segments } of buckets) segments.sort(byPiece)
  return buckets
}

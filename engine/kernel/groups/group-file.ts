/**
 * Groups that memory has no room for: on disk as they lie in a kernel's memory, divided among buckets by the hashes of
 * their keys, so that all of a key are in one bucket and a bucket can be merged by itself.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Memory } from '../../spec/node.ts'
import { spillError } from '../../spill/spill-error.ts'
import { BucketRooms, type GroupRange } from './bucket-rooms.ts'
import { divideLeft } from './divide-left.ts'
import { groupBytes, type ByHash } from './group-bytes.ts'
import type { GroupShape } from './group-keys.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { BUCKETS, GROUP_INDEX } from '../layout.ts'
import type { Left } from './packed-groups.ts'

/** Bytes that wait for each bucket before they are written. */
const WAITING_BYTES = 32 * 1024

/** The highest bits of a hash: groups are first divided among BUCKETS buckets. */
export const FIRST_BITS: ByHash = { shift: 26, bits: 6, buckets: BUCKETS }

/** Groups of one bucket, one behind the other in the file, all first seen in one piece of the source. */
export interface GroupSegment {
  bucket: number
  /** Which filling of the table they were in; indexes count in it. */
  run: number
  piece: number
  offset: number
  length: number
}

/** What JavaScript held beside the groups of a bucket. */
export interface LeftSegment {
  bucket: number
  run: number
  offset: number
  length: number
}

/** How many groups a filling of the table first saw in a piece; the first of them has the index `first`. */
export interface GroupRun {
  run: number
  piece: number
  first: number
  count: number
}

/** The file as it travels to another thread. */
export interface GroupsOnDisk {
  path: string
  segments: GroupSegment[]
  left: LeftSegment[]
  runs: GroupRun[]
}

/** Groups in a kernel's memory that were first seen in one piece of the source. */
export interface PieceRange extends GroupRange {
  piece: number
}

export interface GroupFileSetup {
  /** Where the groups to write lie, and the table that they are of, or are like those of. */
  memory: KernelMemory
  table: number
  shape: GroupShape
  by: ByHash
  /** See `fileRooms`; files that are written one after the other may share them. */
  rooms: BucketRooms
}

/** Takes memory for groups that wait to be written. */
export function fileRooms(memory: KernelMemory): BucketRooms {
  return new BucketRooms({ memory, buckets: BUCKETS, roomBytes: WAITING_BYTES })
}

export class GroupFile {
  readonly #setup: GroupFileSetup
  readonly #file: Pick<Memory, 'newFile'>
  #path: string | undefined
  /** Open between writes, which may be small; the end of a thread closes it too. */
  #fd: number | undefined
  #end = 0
  readonly #segments: GroupSegment[] = []
  readonly #left: LeftSegment[] = []
  readonly #runs: GroupRun[] = []

  constructor(file: Pick<Memory, 'newFile'>, setup: GroupFileSetup) {
    this.#file = file
    this.#setup = setup
  }

  /** What is needed to read it; the end of writing. */
  data(): GroupsOnDisk {
    this.#close()
    return { path: this.#path ?? '', segments: this.#segments, left: this.#left, runs: this.#runs }
  }

  remove(): void {
    this.#close()
    if (this.#path !== undefined) rmSync(this.#path, { force: true })
  }

  /**
   * Writes groups, in the order of their indexes within a run, pieces in rising order.
   * @throws NodeError where the disk cannot take it
   */
  write(run: number, { piece, ...range }: PieceRange): void {
    const { table: address, shape, by, rooms } = this.#setup
    this.#count(run, { piece, ...range })
    rooms.scatter({ address, aggregates: shape.aggregates }, range, by, (bucket, bytes) => {
      this.#segments.push({ bucket, run, piece, offset: this.#end, length: bytes.length })
      this.#put(bytes)
    })
  }

  /** Writes what JavaScript held beside groups that were written. */
  writeLeft(run: number, left: Left, ranges: readonly PieceRange[]): void {
    for (const [bucket, part] of divideLeft(left, { ...this.#setup, ranges })) {
      const bytes = serialize(part)
      this.#left.push({ bucket, run, offset: this.#end, length: bytes.length })
      this.#put(bytes)
    }
  }

  #count(run: number, { piece, from, to }: PieceRange): void {
    if (from >= to) return
    const { memory, shape } = this.#setup
    let count = 0
    for (let group = from; group < to; group += groupBytes(memory, group, shape.aggregates)) count++
    const last = this.#runs.at(-1)
    if (last?.run === run && last.piece === piece) last.count += count
    else this.#runs.push({ run, piece, first: memory.get(from + GROUP_INDEX), count })
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #put(bytes: Uint8Array): void {
    this.#path ??= this.#file.newFile()
    try {
      this.#fd ??= openSync(this.#path, 'wx', 0o600)
      // A disk that is nearly full takes a part, and refuses the rest.
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at)
    } catch (error) {
      this.#close()
      throw spillError(error, dirname(this.#path))
    }
    this.#end += bytes.length
  }
}

/** Reads a file that a `GroupFile` has written. */
export class GroupFileReader {
  readonly data: GroupsOnDisk
  #fd: number | undefined

  constructor(data: GroupsOnDisk) {
    this.data = data
  }

  /** @throws NodeError where the file is gone, or cannot be read */
  read({ offset, length }: { offset: number; length: number }): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    try {
      this.#fd ??= openSync(this.data.path, 'r')
      for (let at = 0; at < length;) {
        const read = readSync(this.#fd, bytes, at, length - at, offset + at)
        if (read === 0) throw new Error('somebody removed or cut a temporary file')
        at += read
      }
    } catch (error) {
      throw spillError(error, dirname(this.data.path))
    }
    return bytes
  }

  readLeft(segment: LeftSegment): Left {
    return deserialize(this.read(segment)) as Left
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

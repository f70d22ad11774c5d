/**
 * Groups that memory has no room for: on disk as they lie in a kernel's memory, divided among buckets by the hashes of
 * their keys, so that all of a key are in one bucket and a bucket can be merged by itself.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Memory } from '../spec/node.ts'
import { spillError } from '../spill/spill-error.ts'
import { bucketOf, groupBytes, type HashBits } from './group-bytes.ts'
import { otherKeys } from './group-keys.ts'
import type { KernelMemory } from './kernel-memory.ts'
import { BUCKETS, GROUP_INDEX } from './layout.ts'
import type { PackedGroups } from './packed-groups.ts'

/** Bytes that wait for each bucket before they are written. */
const WAITING_BYTES = 32 * 1024

/** The highest bits of a hash: groups are first divided among BUCKETS buckets. */
export const FIRST_BITS: HashBits = { shift: 26, bits: 6 }

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

export type Left = Pick<PackedGroups, 'states' | 'values'>

/** Groups in a kernel's memory that were first seen in one piece of the source. */
export interface GroupRange {
  piece: number
  from: number
  to: number
}

export interface GroupFileSetup {
  /** Where the groups to write lie, and the table that they are of, or are like those of. */
  memory: KernelMemory
  table: number
  aggregates: number
  keys: number
  /** Which bits of a hash tell the bucket; see FIRST_BITS. */
  by: HashBits
  /** See `bucketRooms`; files that are written one after the other may share them. */
  rooms: number
}

/** Takes memory for groups that wait to be written. */
export function bucketRooms(memory: KernelMemory): number {
  return memory.allocate(BUCKETS * (8 + WAITING_BYTES))
}

export class GroupFile {
  readonly #setup: GroupFileSetup
  readonly #file: Pick<Memory, 'newFile'>
  readonly #buckets: number
  readonly #waiting: number
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
    this.#buckets = setup.rooms
    this.#waiting = setup.rooms + BUCKETS * 8
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#empty(bucket)
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
  write(run: number, { piece, from, to }: GroupRange): void {
    const { memory, table, by } = this.#setup
    this.#count(run, { piece, from, to })
    for (let at = from; at < to;) {
      const next =
        memory.kernel.exports.scatterGroups(table, at, to, this.#buckets, by.shift, (1 << by.bits) - 1) >>> 0
      if (next > at) this.#flush(run, piece)
      else at = this.#writeLarge(run, piece, at)
      at = Math.max(at, next)
    }
  }

  /** Writes what JavaScript held beside groups that were written. */
  writeLeft(run: number, left: Left, ranges: readonly GroupRange[]): void {
    if (left.states.length === 0 && left.values.length === 0) return
    for (const [bucket, part] of this.#divided(left, ranges)) {
      const bytes = serialize(part)
      this.#left.push({ bucket, run, offset: this.#end, length: bytes.length })
      this.#put(bytes)
    }
  }

  /** By bucket, what is of its groups. */
  #divided({ states, values }: Left, ranges: readonly GroupRange[]): Map<number, Left> {
    const { memory, by, aggregates, keys } = this.#setup
    const buckets = new Map<number, Left>()
    const partOf = (bucket: number) => {
      let part = buckets.get(bucket)
      if (!part) buckets.set(bucket, (part = { states: [], values: [] }))
      return part
    }
    const byIndex = new Map<number, Left['states']>()
    for (const state of states) {
      const index = Math.floor(state[0] / aggregates)
      const known = byIndex.get(index)
      if (known) known.push(state)
      else byIndex.set(index, [state])
    }
    const byBytes = new Map(values.map((value) => [value[0], value]))
    for (const { from, to } of ranges) {
      for (let group = from; group < to; group += groupBytes(memory, group, aggregates)) {
        const found = byIndex.get(memory.get(group + GROUP_INDEX))
        const others = byBytes.size > 0 ? otherKeys(memory, group, { aggregates, keys }) : []
        if (!found && others.length === 0) continue
        const part = partOf(bucketOf(memory, group, by))
        if (found) part.states.push(...found)
        for (const bytes of others) part.values.push(byBytes.get(bytes)!)
      }
    }
    return buckets
  }

  #count(run: number, { piece, from, to }: GroupRange): void {
    if (from >= to) return
    const { memory, aggregates } = this.#setup
    let count = 0
    for (let group = from; group < to; group += groupBytes(memory, group, aggregates)) count++
    const last = this.#runs.at(-1)
    if (last?.run === run && last.piece === piece) last.count += count
    else this.#runs.push({ run, piece, first: memory.get(from + GROUP_INDEX), count })
  }

  /** A group that is larger than the room of its bucket. */
  #writeLarge(run: number, piece: number, at: number): number {
    const { memory, by, aggregates } = this.#setup
    const end = at + groupBytes(memory, at, aggregates)
    this.#append({ bucket: bucketOf(memory, at, by), run, piece }, memory.bytes.subarray(at, end))
    return end
  }

  #flush(run: number, piece: number): void {
    const { memory } = this.#setup
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const from = this.#waiting + bucket * WAITING_BYTES
      const to = memory.get(this.#buckets + bucket * 8)
      if (from === to) continue
      this.#append({ bucket, run, piece }, memory.bytes.subarray(from, to))
      this.#empty(bucket)
    }
  }

  #empty(bucket: number): void {
    const { memory } = this.#setup
    const from = this.#waiting + bucket * WAITING_BYTES
    memory.put(this.#buckets + bucket * 8, from)
    memory.put(this.#buckets + bucket * 8 + 4, from + WAITING_BYTES)
  }

  #append(segment: Omit<GroupSegment, 'offset' | 'length'>, bytes: Uint8Array): void {
    this.#segments.push({ ...segment, offset: this.#end, length: bytes.length })
    this.#put(bytes)
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

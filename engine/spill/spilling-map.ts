/**
 * Entries by key, more of them than memory holds. While there is room it is a Map. When it is full, all entries go to
 * files, divided by their keys, and a new Map begins; the parts of an entry are merged at the end, some keys at a time.
 * Like the external sort it writes a little with each entry that is added, so that no step keeps a stop waiting.
 */
import type { Key } from '../spec/identity.ts'
import type { Memory } from '../spec/node.ts'
import { HashPartitions } from './hash-partitions.ts'
import { partOfMemory } from './part-of-memory.ts'
import type { RecordFileData } from './record-file.ts'
import { tooLarge } from './spill-error.ts'

/** What the map asks of those who know its entries. */
export interface EntrySteps<Entry> {
  /** Joins b into a and returns the result; a is older. */
  merge(a: Entry, b: Entry): Entry
  /** The entry as data that can be written down, and back. */
  pack(entry: Entry): unknown
  unpack(data: unknown): Entry
  /** Bytes that it takes in memory. */
  bytes(key: Key, entry: Entry): number
}

/** An entry on disk. */
interface Laid {
  key: Key
  /** Its place in the order in which keys were first seen. */
  at: number
  data: unknown
  bytes: number
}

/** A map on disk as data that may travel to another thread of the process. */
export interface SpillingMapData {
  files: RecordFileData[]
  seen: number
}

const FULL = 0.8
const PACE = 4
const STEP_BYTES = 128 * 1024
const PAUSE_AFTER = 512

export class SpillingMap<Entry extends { at: number }> {
  /** True where the next key has to wait for `makeRoom`. */
  isFull = false
  #entries = new Map<Key, Entry>()
  readonly #memory: Memory
  readonly #steps: EntrySteps<Entry>
  readonly #one: string
  /** Entries on their way to disk, and where the way has got to: a Map is slow to find its first entry behind deleted ones. */
  #sealed: { entries: Map<Key, Entry>; next: Iterator<[Key, Entry]> } | undefined
  #partitions: HashPartitions<Laid> | undefined
  /** Maps whose keys all come behind those of this one, and have not been looked at yet. */
  readonly #later: { map: SpillingMap<Entry>; from: number }[] = []
  #held = 0
  #due = 0
  #seen = 0

  /** @param one what an entry is, for the message that one alone is too large: "One group" */
  constructor(memory: Memory, steps: EntrySteps<Entry>, one: string) {
    this.#memory = memory
    this.#steps = steps
    this.#one = one
  }

  /** A map that another thread has laid on disk, in place of an empty one. */
  static from<Entry extends { at: number }>(
    { files, seen }: SpillingMapData,
    map: SpillingMap<Entry>,
  ): SpillingMap<Entry> {
    map.#partitions = HashPartitions.from(partOfMemory(map.#memory, 1 / 2), keyOf, files)
    map.#seen = seen
    return map
  }

  /** True once not all entries are in memory. */
  get isSpilled(): boolean {
    return this.#partitions !== undefined || this.#later.length > 0
  }

  /** The entries in memory, in the order in which they were first seen. All there are, while nothing is spilled. */
  get entries(): ReadonlyMap<Key, Entry> {
    return this.#entries
  }

  /** Bytes of the entries in memory, without those that are on their way to disk. */
  get held(): number {
    return this.#held
  }

  /** Finds what is in memory; what was laid on disk begins anew. */
  get(key: Key): Entry | undefined {
    return this.#entries.get(key)
  }

  /** Adds an entry for a key that `get` did not find, and numbers it. */
  set(key: Key, entry: Entry): void {
    entry.at = this.#seen++
    this.#entries.set(key, entry)
    this.grow(this.#steps.bytes(key, entry))
  }

  /** Entries have become larger. Nothing is laid on disk here: the caller is still at work on one of them. */
  grow(bytes: number): void {
    this.#held += bytes
    if (this.#sealed) this.#due += bytes
    this.isFull =
      this.#held > this.#memory.bytes * FULL ||
      (this.#sealed !== undefined && this.#due > Math.min(STEP_BYTES, this.#memory.bytes / 16))
  }

  /**
   * Lays entries on disk where there are too many; no entry that `get` gave before is to be changed afterwards.
   * @throws NodeError where the disk cannot take them
   */
  makeRoom(): void {
    if (this.#sealed) this.#drain(this.#due * PACE)
    this.#due = 0
    if (this.#held > this.#memory.bytes * FULL) {
      this.#drain(Infinity)
      this.#seal()
    }
    this.isFull = false
  }

  /** Takes all entries of a map that saw its keys later. It is not to be used any more. */
  append(map: SpillingMap<Entry>): void {
    this.#later.push({ map, from: this.#seen })
    this.#seen += map.#seen
  }

  /** Lays everything on disk, in steps. */
  *settle(): Generator<undefined, undefined> {
    while (this.#sealed) yield this.#drain(STEP_BYTES)
    this.#seal()
    while (this.#sealed) yield this.#drain(STEP_BYTES)
    for (const { map, from } of this.#later.splice(0)) {
      yield* map.settle()
      for (const partition of map.#partitions?.partitions() ?? []) {
        let count = 0
        for (const laid of partition?.values ?? []) {
          this.#partitions!.add({ ...laid, at: laid.at + from }, laid.key, laid.bytes)
          if (++count % PAUSE_AFTER === 0) yield undefined
        }
        yield undefined
      }
    }
    return undefined
  }

  /**
   * After `settle`: the entries, merged, some keys at a time and in no order; undefined is a pause.
   * @throws NodeError where one entry is more than memory holds
   */
  *merged(): Generator<Map<Key, Entry> | undefined, undefined> {
    for (const partition of this.#partitions?.partitions() ?? []) {
      const merged = new Map<Key, Entry>()
      let count = 0
      for (const { key, at, data } of partition?.values ?? []) {
        const entry = this.#steps.unpack(data)
        const known = merged.get(key)
        const whole = known ? this.#steps.merge(known, entry) : entry
        whole.at = known ? Math.min(known.at, at) : at
        if (known) this.#check(key, whole)
        merged.set(key, whole)
        if (++count % PAUSE_AFTER === 0) yield undefined
      }
      yield merged
    }
    return undefined
  }

  /** All of it as data for another thread, which reads the files and removes them. */
  data(): SpillingMapData {
    for (const _ of this.settle());
    return { files: this.#partitions!.data(), seen: this.#seen }
  }

  #seal(): void {
    this.#sealed = { entries: this.#entries, next: this.#entries.entries() }
    this.#partitions ??= new HashPartitions(partOfMemory(this.#memory, 1 / 2), keyOf)
    this.#entries = new Map()
    this.#held = 0
  }

  /** Lays entries of about so many bytes on disk. */
  #drain(bytes: number): undefined {
    if (!this.#sealed) return
    const { entries, next } = this.#sealed
    for (let written = 0; written < bytes;) {
      const step = next.next()
      if (step.done) {
        this.#sealed = undefined
        return
      }
      const [key, entry] = step.value
      const size = this.#check(key, entry)
      this.#partitions!.add({ key, at: entry.at, data: this.#steps.pack(entry), bytes: size }, key, size)
      entries.delete(key)
      written += size
    }
  }

  #check(key: Key, entry: Entry): number {
    const bytes = this.#steps.bytes(key, entry)
    if (bytes > this.#memory.bytes) throw tooLarge(bytes, this.#memory, this.#one)
    return bytes
  }
}

function keyOf({ key }: Laid): Key {
  return key
}

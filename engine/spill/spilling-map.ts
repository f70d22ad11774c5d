/**
 * Entries by key, more of them than memory holds. While there is room they are in a table. When it is full, all of it
 * goes to files, divided by the keys, and a new table begins; the parts of an entry are merged at the end, some keys at
 * a time. Like the external sort it writes a little with each entry that is added, so that no step keeps a stop waiting.
 */
import type { Key } from '../spec/identity.ts'
import type { Memory } from '../spec/node.ts'
import { HashPartitions } from './hash-partitions.ts'
import { partOfMemory } from './part-of-memory.ts'
import type { RecordFileData } from './record-file.ts'
import { tooLarge } from './spill-error.ts'

/** Entries in memory, each in a slot of its own: 0, 1, 2 … in the order in which they came. */
export interface Table {
  readonly slots: ReadonlyMap<Key, number>
}

/** An entry on disk. */
export interface Laid {
  key: Key
  /** Its place in the order in which keys were first seen. */
  at: number
  /** Bytes that it takes in memory. */
  bytes: number
}

/** What the map asks of those who know its entries. */
export interface TableSteps<Entries extends Table> {
  newTable(): Entries
  /** Bytes that an entry takes in memory. */
  bytesOf(table: Entries, slot: number, key: Key): number
  lay(table: Entries, slot: number, key: Key, at: number): Laid
  /** Adds an entry, or joins it to the older one that is there. Returns its slot. */
  absorb(table: Entries, laid: Laid): number
  /** What an entry is, for the message that one alone is too large: "One group". */
  one: string
}

/** A map on disk as data that may travel to another thread of the process. */
export interface SpillingMapData {
  files: RecordFileData[]
  seen: number
}

/** Whole entries, and the place of each in the order in which keys were first seen. */
export interface Merged<Entries> {
  table: Entries
  at: number[]
}

const FULL = 0.8
const PACE = 4
const STEP_BYTES = 128 * 1024
const PAUSE_AFTER = 512
/** V8 refuses larger maps: 2²⁴ entries. */
const MOST_ENTRIES = 16_000_000

export class SpillingMap<Entries extends Table> {
  /** True where the next key has to wait for `makeRoom`. */
  isFull = false
  /** The entries in memory. All there are, while nothing is spilled. */
  table: Entries
  readonly #memory: Memory
  readonly #steps: TableSteps<Entries>
  /** Entries on their way to disk, and where the way has got to. */
  #sealed: { table: Entries; keys: Iterator<Key>; slot: number; from: number } | undefined
  #partitions: HashPartitions<Laid> | undefined
  /** Maps whose keys all come behind those of this one, and have not been looked at yet. */
  readonly #later: { map: SpillingMap<Entries>; from: number }[] = []
  #held = 0
  #due = 0
  /** Entries that came before those of the table. */
  #before = 0

  constructor(memory: Memory, steps: TableSteps<Entries>) {
    this.#memory = memory
    this.#steps = steps
    this.table = steps.newTable()
  }

  /** A map that another thread has laid on disk, in place of an empty one. */
  static from<Entries extends Table>(
    { files, seen }: SpillingMapData,
    map: SpillingMap<Entries>,
  ): SpillingMap<Entries> {
    map.#partitions = HashPartitions.from(partOfMemory(map.#memory, 1 / 2), keyOf, files)
    map.#before = seen
    return map
  }

  /** True once not all entries are in memory. */
  get isSpilled(): boolean {
    return this.#partitions !== undefined || this.#later.length > 0
  }

  /** Bytes of the entries in memory, without those that are on their way to disk. */
  get held(): number {
    return this.#held
  }

  /** Entries that were added, those that began anew counted again: places are below it. */
  get seen(): number {
    return this.#before + this.table.slots.size
  }

  /** Bytes of what is on disk, as it would be in memory. */
  get bytesOnDisk(): number {
    return this.#partitions?.bytes ?? 0
  }

  /** Entries have come, or have become larger. Nothing is laid on disk here: the caller is still at work on one. */
  grow(bytes: number): void {
    this.#held += bytes
    if (this.#sealed) this.#due += bytes
    this.isFull =
      this.#isCrowded() ||
      (this.#sealed !== undefined && this.#due > Math.min(STEP_BYTES, this.#memory.bytes / 16))
  }

  /**
   * Lays entries on disk where there are too many: afterwards `table` may be another one.
   * @throws NodeError where the disk cannot take them
   */
  makeRoom(): void {
    if (this.#sealed) this.#drain(this.#due * PACE)
    this.#due = 0
    if (this.#isCrowded()) {
      this.#drain(Infinity)
      this.#seal()
    }
    this.isFull = false
  }

  /** Takes all entries of a map that saw its keys later. It is not to be used any more. */
  append(map: SpillingMap<Entries>): void {
    // What is in memory gets its places now: the table takes no more.
    if (this.table.slots.size > 0) {
      this.#drain(Infinity)
      this.#seal()
    }
    this.#later.push({ map, from: this.#before })
    this.#before += map.seen
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
          laid.at += from
          this.#partitions!.add(laid, laid.key, laid.bytes)
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
  *merged(): Generator<Merged<Entries> | undefined, undefined> {
    for (const partition of this.#partitions?.partitions() ?? []) {
      const table = this.#steps.newTable()
      const at: number[] = []
      let count = 0
      for (const block of partition?.blocks() ?? []) {
        for (const laid of block) {
          const slot = this.#steps.absorb(table, laid)
          if (slot === at.length) at.push(laid.at)
          else {
            at[slot] = Math.min(at[slot]!, laid.at)
            this.#check(this.#steps.bytesOf(table, slot, laid.key))
          }
          if (++count % PAUSE_AFTER === 0) yield undefined
        }
      }
      yield { table, at }
    }
    return undefined
  }

  /** All of it as data for another thread, which reads the files and removes them. */
  data(): SpillingMapData {
    for (const _ of this.settle());
    return { files: this.#partitions!.data(), seen: this.#before }
  }

  #isCrowded(): boolean {
    return this.#held > this.#memory.bytes * FULL || this.table.slots.size >= MOST_ENTRIES
  }

  #seal(): void {
    const { table } = this
    this.#sealed = { table, keys: table.slots.keys(), slot: 0, from: this.#before }
    this.#partitions ??= new HashPartitions(partOfMemory(this.#memory, 1 / 2), keyOf)
    this.#before += table.slots.size
    this.table = this.#steps.newTable()
    this.#held = 0
  }

  /** Lays entries of about so many bytes on disk. */
  #drain(bytes: number): undefined {
    const sealed = this.#sealed
    if (!sealed) return
    const { table, keys, from } = sealed
    for (let written = 0; written < bytes;) {
      const step = keys.next()
      if (step.done) {
        this.#sealed = undefined
        return
      }
      const laid = this.#steps.lay(table, sealed.slot, step.value, from + sealed.slot)
      this.#check(laid.bytes)
      sealed.slot++
      this.#partitions!.add(laid, laid.key, laid.bytes)
      written += laid.bytes
    }
  }

  #check(bytes: number): void {
    if (bytes > this.#memory.bytes) throw tooLarge(bytes, this.#memory, this.#steps.one)
  }
}

function keyOf({ key }: Laid): Key {
  return key
}

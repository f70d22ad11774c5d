/**
 * Tells the first record of each key from the ones after it. Keys that memory has no room for are decided at the end:
 * their records wait on disk in the order in which they came, and beside them the keys, divided by hash. Which of the
 * records are first ones is found out by the keys alone and marked by number; then the records are read once more.
 */
import type { Key } from '../spec/identity.ts'
import type { DataRecord, Memory } from '../spec/node.ts'
import { ownText } from '../spec/own-text.ts'
import { recordBytes } from '../spec/record-size.ts'
import { HashPartitions } from './hash-partitions.ts'
import { NumberMarks } from './number-marks.ts'
import { partOfMemory } from './part-of-memory.ts'
import { blockBytesFor, RecordFile } from './record-file.ts'

/** What a Set takes for an entry, besides its key. */
const ENTRY_BYTES = 40
/** A pause is offered after so many keys. */
const PAUSE_AFTER = 256

interface Waiting {
  key: Key
  number: number
}

/** One of the records that waited. */
export interface Decided {
  record: DataRecord
  first: boolean
}

/** What waits on disk. */
interface OnDisk {
  keys: HashPartitions<Waiting>
  records: RecordFile<DataRecord>
}

export class FirstOfKey {
  readonly #memory: Memory
  #known = new Set<Key>()
  #bytes = 0
  /** No key is added to those that are known. */
  #isFull = false
  #waiting: OnDisk | undefined
  #marks: NumberMarks | undefined

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** True for the first record of a key, false for others, undefined where it is to be held: see `hold`. */
  isFirst(key: Key): boolean | undefined {
    if (this.#known.has(key)) return false
    if (this.#isFull) return undefined
    const bytes = recordBytes(key) + ENTRY_BYTES
    if (this.#bytes + bytes > this.#memory.bytes / 2) {
      this.#isFull = true
      return undefined
    }
    this.#known.add(typeof key === 'string' ? ownText(key) : key)
    this.#bytes += bytes
    return true
  }

  /**
   * Takes the record of a key that has to wait: in `rest` it is found out whether it was the first. In the order of `isFirst`.
   * @throws NodeError where the disk cannot take it
   */
  hold(key: Key, record: DataRecord): void {
    this.#waiting ??= {
      keys: new HashPartitions(partOfMemory(this.#memory, 0.4), (waiting) => waiting.key),
      records: new RecordFile(this.#memory, blockBytesFor(partOfMemory(this.#memory, 0.1), 1)),
    }
    const { keys, records } = this.#waiting
    keys.add({ key, number: records.count }, key)
    records.add(record)
  }

  /** Some records wait. */
  get holds(): boolean {
    return this.#waiting !== undefined
  }

  /**
   * The records that waited, in the order in which they came. Undefined is none, but a good moment to look after other
   * things.
   */
  *rest(): Generator<Decided | undefined, undefined> {
    if (!this.#waiting) return undefined
    const { keys, records } = this.#waiting
    this.#known = new Set()
    this.#marks = new NumberMarks(partOfMemory(this.#memory, 0.4), records.count)
    for (const partition of keys.partitions()) {
      yield undefined
      if (!partition) continue
      const known = new Set<Key>()
      let looked = 0
      for (const block of partition.blocks()) {
        for (const { key, number } of block) {
          if (known.size < known.add(key).size) this.#marks.add(number)
          if (++looked % PAUSE_AFTER === 0) yield undefined
        }
      }
    }
    const isMarked = this.#marks.inOrder()
    for (const block of records.blocks()) {
      for (const record of block) yield { record, first: isMarked() }
    }
    this.clear()
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#waiting?.keys.clear()
    this.#waiting?.records.remove()
    this.#marks?.clear()
    this.#known = new Set()
  }
}

/**
 * Tells the first record of each key from the ones after it. Keys that memory has no room for are decided at the end:
 * their records wait on disk, divided by key, and come back in the order in which they came.
 */
import type { Key } from '../spec/identity.ts'
import type { DataRecord, Memory } from '../spec/node.ts'
import { ownText } from '../spec/own-text.ts'
import { recordBytes } from '../spec/record-size.ts'
import { ExternalSorter } from './external-sorter.ts'
import { HashPartitions } from './hash-partitions.ts'
import { partOfMemory } from './part-of-memory.ts'

/** What a Set takes for an entry, besides its key. */
const ENTRY_BYTES = 40

interface Waiting {
  key: Key
  number: number
  record: DataRecord
}

/** One of the records that waited. */
export interface Decided {
  record: DataRecord
  first: boolean
}

export class FirstOfKey {
  readonly #memory: Memory
  #known = new Set<Key>()
  #bytes = 0
  #waiting: HashPartitions<Waiting> | undefined
  #count = 0

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /**
   * True for the first record of a key, false for others, undefined where that is found out in `rest`.
   * @throws NodeError where the disk cannot take it
   */
  isFirst(key: Key, record: DataRecord): boolean | undefined {
    if (this.#known.has(key)) return false
    if (this.#waiting === undefined) {
      const bytes = recordBytes(key) + ENTRY_BYTES
      if (this.#bytes + bytes <= this.#memory.bytes / 2) {
        this.#known.add(typeof key === 'string' ? ownText(key) : key)
        this.#bytes += bytes
        return true
      }
      this.#waiting = new HashPartitions(partOfMemory(this.#memory, 0.5), ({ key }) => key)
    }
    this.#waiting.add({ key, number: this.#count++, record }, key)
    return undefined
  }

  /**
   * The records that waited: first those that others came before, as they are found, then the first ones in the order
   * in which they came. Undefined is none, but a good moment to look after other things.
   */
  *rest(): Generator<Decided | undefined, undefined> {
    if (!this.#waiting) return undefined
    this.#known = new Set()
    const firsts = new ExternalSorter<Waiting>(partOfMemory(this.#memory, 0.4), (a, b) => a.number - b.number)
    try {
      for (const partition of this.#waiting.partitions()) {
        if (!partition) {
          yield undefined
          continue
        }
        const known = new Set<Key>()
        for (const waiting of partition.values) {
          const first = !known.has(waiting.key)
          if (first) {
            known.add(waiting.key)
            firsts.add(waiting)
          }
          yield first ? undefined : { record: waiting.record, first }
        }
      }
      for (const { record } of firsts.sorted()) yield { record, first: true }
    } finally {
      this.#waiting.clear()
      firsts.clear()
    }
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#waiting?.clear()
    this.#known = new Set()
  }
}

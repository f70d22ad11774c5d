/**
 * Values divided among files by their keys, so that all values of a key are in one file and a file fits into memory.
 * One that does not fit is divided again, by other bits of the keys.
 */
import type { Key } from '../spec/identity.ts'
import type { Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { hashKey } from './hash-key.ts'
import { blockBytesFor, RecordFile } from './record-file.ts'

/** Files at each level. */
const FILES = 64
/** Values of 64⁴ times the memory: beyond it a file is given as it is. */
const DEEPEST = 3
/** A pause is offered after so many values while a file is divided again. */
const PAUSE_AFTER = 1024

/** The values of some keys. */
export interface Partition<Value> {
  /** Estimated; more than the node may hold only where one key has them all, or nearly. */
  bytes: number
  count: number
  /** In the order in which they were added. */
  values: Iterable<Value>
  /** The same, in blocks. */
  blocks(): Iterable<Value[]>
}

export class HashPartitions<Value> {
  readonly #memory: Memory
  readonly #keyOf: (value: Value) => Key
  readonly #level: number
  readonly #files: RecordFile<Value>[] = []

  /**
   * @param keyOf reads the key back from a value, where a file is divided again
   * @param level each divides by other bits of the keys
   * @param files how many there are
   */
  constructor(memory: Memory, keyOf: (value: Value) => Key, level = 0, files = FILES) {
    this.#memory = memory
    this.#keyOf = keyOf
    this.#level = level
    const blockBytes = blockBytesFor(memory, files)
    for (let at = 0; at < files; at++) this.#files.push(new RecordFile(memory, blockBytes))
  }

  get bytes(): number {
    return this.#files.reduce((bytes, file) => bytes + file.bytes, 0)
  }
  get count(): number {
    return this.#files.reduce((count, file) => count + file.count, 0)
  }

  /** @throws NodeError where the disk cannot take it */
  add(value: Value, key = this.#keyOf(value), bytes = recordBytes(value)): void {
    this.#files[hashKey(key, this.#level) % this.#files.length]!.add(value, bytes)
  }

  /**
   * The values, some keys at a time; each file is removed when the reader goes on. Undefined is no partition but a
   * good moment to look after other things, while one is divided again.
   */
  *partitions(): Generator<Partition<Value> | undefined, undefined> {
    try {
      for (const file of this.#files) {
        if (file.count === 0) continue
        const smaller = file.bytes > this.#memory.bytes ? this.#divided(file) : undefined
        if (smaller) yield* smaller
        else yield partitionOf(file)
        file.remove()
      }
    } finally {
      this.clear()
    }
    return undefined
  }

  /** Writes what waits for its block to be full. */
  flush(): void {
    for (const file of this.#files) file.flush()
  }

  /** All partitions as they are, empty ones too: equal keys are in equal places, also of others than these. */
  undivided(): (Partition<Value> & { remove(): void })[] {
    return this.#files.map((file) => ({ ...partitionOf(file), remove: () => file.remove() }))
  }

  clear(): void {
    for (const file of this.#files) file.remove()
  }

  /** Undefined where dividing would not help. */
  #divided(file: RecordFile<Value>): Generator<Partition<Value> | undefined, undefined> | undefined {
    if (this.#level === DEEPEST || this.#isOneKey(file)) return undefined
    return this.#divide(file)
  }

  *#divide(file: RecordFile<Value>): Generator<Partition<Value> | undefined, undefined> {
    const smaller = new HashPartitions(this.#memory, this.#keyOf, this.#level + 1)
    try {
      let count = 0
      for (const value of file) {
        smaller.add(value)
        if (++count % PAUSE_AFTER === 0) yield undefined
      }
      file.remove()
      yield* smaller.partitions()
    } finally {
      smaller.clear()
    }
    return undefined
  }

  /** Looks no further than the first other key, which is nearly always among the first few. */
  #isOneKey(file: RecordFile<Value>): boolean {
    let first: number | undefined
    for (const value of file) {
      const hash = hashKey(this.#keyOf(value), this.#level + 1)
      first ??= hash
      if (hash !== first) return false
    }
    return true
  }
}

function partitionOf<Value>(file: RecordFile<Value>): Partition<Value> {
  return { bytes: file.bytes, count: file.count, values: file, blocks: () => file.blocks() }
}

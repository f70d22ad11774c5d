/**
 * Puts numbered values back in order where the numbers are known to be below some end: they are divided among files by
 * number, and each file is put in order by itself. That is one way to disk and back, and needs hardly any comparing.
 */
import type { Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { ExternalSorter } from './external-sorter.ts'
import { partOfMemory } from './part-of-memory.ts'
import { blockBytesFor, RecordFile } from './record-file.ts'

interface Numbered<Value> {
  number: number
  value: Value
}

const MOST_FILES = 256
/** Values of a file that are put in order in one step; files with more are sorted by and by. */
const STEP_VALUES = 65_536
/** A wrapper and a place in a list. */
const WRAPPER_BYTES = 48

export interface NumberedExpected {
  /** Numbers are below it. */
  end: number
  /** Bytes of all values, about. */
  bytes: number
}

export class NumberedValues<Value> {
  readonly #memory: Memory
  readonly #span: number
  readonly #files: RecordFile<Numbered<Value>>[]

  constructor(memory: Memory, { end, bytes }: NumberedExpected) {
    this.#memory = memory
    const wanted = Math.ceil(Math.max(bytes / (memory.bytes / 2), end / STEP_VALUES))
    const files = Math.max(1, Math.min(MOST_FILES, wanted))
    this.#span = Math.max(1, Math.ceil(end / files))
    const blockBytes = blockBytesFor(memory, files)
    this.#files = Array.from({ length: files }, () => new RecordFile(memory, blockBytes))
  }

  /** @throws NodeError where the disk cannot take it */
  add(number: number, value: Value, bytes = recordBytes(value)): void {
    this.#files[Math.floor(number / this.#span)]!.add({ number, value }, bytes + WRAPPER_BYTES)
  }

  /** All values by number; of equal numbers the one that was added first. To be read once. */
  *inOrder(): Generator<Value, undefined> {
    for (const file of this.#files) {
      if (file.count <= 2 * STEP_VALUES && file.bytes <= this.#memory.bytes) {
        const values: Numbered<Value>[] = []
        for (const block of file.blocks()) for (const value of block) values.push(value)
        file.remove()
        for (const { value } of values.sort(byNumber)) yield value
      } else {
        yield* this.#sorted(file)
      }
    }
    return undefined
  }

  /** Forgets all values and removes the files. */
  clear(): void {
    for (const file of this.#files) file.remove()
  }

  *#sorted(file: RecordFile<Numbered<Value>>): Generator<Value, undefined> {
    const sorter = new ExternalSorter<Numbered<Value>>(partOfMemory(this.#memory, 0.8), byNumber)
    try {
      for (const value of file) sorter.add(value)
      file.remove()
      for (const { value } of sorter.sorted()) yield value
    } finally {
      sorter.clear()
    }
    return undefined
  }
}

function byNumber(a: Numbered<unknown>, b: Numbered<unknown>): number {
  return a.number - b.number
}

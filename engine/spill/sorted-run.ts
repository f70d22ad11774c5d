/** Sorted values on their way to disk: those that are written already, and behind them those that are still to come. */
import type { Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { RecordFile } from './record-file.ts'

/** Values that leave together before they have been written. */
const CHUNK = 256

export interface SortedRunParts<Value> {
  /** 0: made of values in memory; else one more than the runs it is made of. */
  level: number
  /** In order. */
  values: Generator<Value, undefined>
  blockBytes: number
}

export class SortedRun<Value> {
  readonly level: number
  readonly #file: RecordFile<Value>
  /** Undefined when all are written. */
  #rest: Generator<Value, undefined> | undefined

  constructor(memory: Memory, { level, values, blockBytes }: SortedRunParts<Value>) {
    this.level = level
    this.#file = new RecordFile(memory, blockBytes)
    this.#rest = values
  }

  get isWritten(): boolean {
    return this.#rest === undefined
  }

  /** Writes values of about so many bytes, or all that are left. */
  write(bytes: number): void {
    if (!this.#rest) return
    for (let written = 0; written < bytes;) {
      const next = this.#rest.next()
      if (next.done) {
        this.#file.flush()
        this.#rest = undefined
        return
      }
      const size = recordBytes(next.value)
      this.#file.add(next.value, size)
      written += size
    }
  }

  /** All values, to be read once: the file is removed behind the last, or when the reader leaves early. */
  *blocks(): Generator<Value[], undefined> {
    try {
      yield* this.#file.blocks()
      if (!this.#rest) return undefined
      let chunk: Value[] = []
      for (const value of this.#rest) {
        if (chunk.push(value) < CHUNK) continue
        yield chunk
        chunk = []
      }
      if (chunk.length > 0) yield chunk
    } finally {
      this.remove()
    }
    return undefined
  }

  /** Gives the disk back, that of the runs it is made of too. */
  remove(): void {
    this.#rest?.return(undefined)
    this.#rest = undefined
    this.#file.remove()
  }
}

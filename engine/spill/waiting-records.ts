/** Records that wait for their turn: in memory while there are few, else on disk. Read as often as wanted, in order. */
import type { DataRecord, Memory } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import { RecordFile } from './record-file.ts'

export class WaitingRecords<Value = DataRecord> {
  readonly #memory: Memory
  #values: Value[] = []
  #bytes = 0
  #file: RecordFile<Value> | undefined

  /** @param memory what they may take together */
  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** @throws NodeError where the disk cannot take it */
  add(value: Value, bytes = recordBytes(value)): void {
    this.#bytes += bytes
    if (!this.#file && this.#bytes <= this.#memory.bytes) {
      this.#values.push(value)
      return
    }
    if (!this.#file) {
      this.#file = new RecordFile(this.#memory)
      for (const earlier of this.#values) this.#file.add(earlier)
      this.#values = []
    }
    this.#file.add(value, bytes)
  }

  [Symbol.iterator](): Iterator<Value> {
    return (this.#file ?? this.#values)[Symbol.iterator]()
  }

  clear(): void {
    this.#file?.remove()
    this.#file = undefined
    this.#values = []
    this.#bytes = 0
  }
}

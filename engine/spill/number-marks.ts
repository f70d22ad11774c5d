/** Some of the whole numbers below an end: a bit for each while memory has room for that, else a list on disk. */
import type { Memory } from '../spec/node.ts'
import { NumberedValues } from './numbered.ts'

/** What a number takes that is written down. */
const NUMBER_BYTES = 64

export class NumberMarks {
  readonly #bits: Uint8Array | undefined
  readonly #list: NumberedValues<number> | undefined

  /** @param end all numbers are below it */
  constructor(memory: Memory, end: number) {
    if (end / 8 <= memory.bytes && end <= 2 ** 32) this.#bits = new Uint8Array(Math.ceil(end / 8))
    else this.#list = new NumberedValues(memory, { end, bytes: end * NUMBER_BYTES })
  }

  /** Each number is added once at most. @throws NodeError where the disk cannot take it */
  add(number: number): void {
    if (this.#bits) this.#bits[number >>> 3]! |= 1 << (number & 7)
    else this.#list!.add(number, number, 8)
  }

  /** Whether a number was added, to be asked of each number from 0 on. */
  inOrder(): () => boolean {
    const bits = this.#bits
    let at = -1
    if (bits) return () => (bits[++at >>> 3]! & (1 << (at & 7))) !== 0
    const marked = this.#list!.inOrder()
    let next = marked.next().value
    return () => {
      if (++at !== next) return false
      next = marked.next().value
      return true
    }
  }

  clear(): void {
    this.#list?.clear()
  }
}

/** Values that JavaScript made, written into columns in the form in which kernels group them. */
import { keyOfAll } from '../spec/identity.ts'
import type { KernelMemory } from './kernel-memory.ts'
import type { KernelRows } from './kernel-rows.ts'
import {
  KIND_FALSE,
  KIND_MISSING,
  KIND_NULL,
  KIND_NUMBER,
  KIND_OTHER,
  KIND_TEXT,
  KIND_TRUE,
} from './layout.ts'

const FIRST_ROOM = 64 * 1024
/** Half a character, which UTF-8 cannot say. */
const LONE_HALF = /\p{Surrogate}/u

export class ExactCells {
  readonly #memory: KernelMemory
  readonly #rows: KernelRows
  readonly #remember: (text: string, value: unknown) => void
  #at = 0
  #used = 0
  #room = 0

  /** @param remember told of values that stand for other bytes than their own, by these bytes as Latin-1 */
  constructor(memory: KernelMemory, rows: KernelRows, remember: (text: string, value: unknown) => void) {
    this.#memory = memory
    this.#rows = rows
    this.#remember = remember
  }

  /** What was written before is not needed any more. */
  clear(): void {
    this.#used = 0
  }

  /** @param column index of the column; nothing is written to the one that is always missing */
  write(column: number, row: number, value: unknown): void {
    if (column < 0) return
    const kind = plainKind(value)
    if (kind === KIND_NUMBER) this.#rows.columns[column]!.num[row] = value as number
    if (kind === KIND_TEXT) this.#writeBytes(column, row, Buffer.from(value as string))
    if (kind === KIND_OTHER) {
      // Equal values have equal canonical text; in units of 16 bits it is safe whatever it holds.
      const bytes = Buffer.from(keyOfAll([value]) as string, 'utf16le')
      const text = bytes.toString('latin1')
      this.#remember(text, value)
      this.#writeBytes(column, row, bytes)
    }
    this.#rows.columns[column]!.kind[row] = kind
  }

  #writeBytes(column: number, row: number, bytes: Buffer): void {
    if (this.#used + bytes.length > this.#room) {
      // Cells of this task still point into the old room.
      this.#room = Math.max(FIRST_ROOM, this.#room * 2, bytes.length)
      this.#at = this.#memory.allocate(this.#room)
      this.#used = 0
      this.#rows.refresh()
    }
    const from = this.#at + this.#used
    this.#memory.bytes.set(bytes, from)
    this.#used += bytes.length
    const { start, end } = this.#rows.columns[column]!
    start[row] = from
    end[row] = from + bytes.length
  }
}

function plainKind(value: unknown): number {
  switch (typeof value) {
    case 'undefined':
      return KIND_MISSING
    case 'boolean':
      return value ? KIND_TRUE : KIND_FALSE
    case 'number':
      return Number.isNaN(value) ? KIND_OTHER : KIND_NUMBER
    case 'string':
      return LONE_HALF.test(value) ? KIND_OTHER : KIND_TEXT
    default:
      return value === null ? KIND_NULL : KIND_OTHER
  }
}

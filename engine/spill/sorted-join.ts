/**
 * Finds the partners in two sides of which neither fits into memory: both are sorted by key, on disk, and walked through
 * together. What is found comes in no order, but for the partners of one left row, which come in theirs.
 */
import type { Key } from '../spec/identity.ts'
import type { Memory } from '../spec/node.ts'
import { ExternalSorter } from './external-sorter.ts'
import type { JoinFound, Row } from './join-found.ts'
import { partOfMemory } from './part-of-memory.ts'
import { WaitingRecords } from './waiting-records.ts'

/** A row with text by which equal keys are equal and others are not. */
interface Sorted {
  text: string | undefined
  row: Row
}

export class SortedJoin {
  readonly #found: JoinFound
  readonly #left: ExternalSorter<Sorted>
  readonly #right: ExternalSorter<Sorted>
  readonly #same: WaitingRecords<Row>

  constructor(found: JoinFound, memory: Memory) {
    this.#found = found
    this.#left = new ExternalSorter(partOfMemory(memory, 0.4), byText)
    this.#right = new ExternalSorter(partOfMemory(memory, 0.4), byText)
    this.#same = new WaitingRecords(partOfMemory(memory, 0.2))
  }

  /** Tells of all that is found, in small steps. */
  *join(left: Iterable<Row>, right: Iterable<Row>): Generator<undefined> {
    for (const row of left) yield void this.#left.add({ text: textOf(row.key), row })
    for (const row of right) yield void this.#right.add({ text: textOf(row.key), row })
    yield* this.#walk()
    this.clear()
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#left.clear()
    this.#right.clear()
    this.#same.clear()
  }

  *#walk(): Generator<undefined> {
    const left = new Peeked(this.#left.sorted())
    const right = new Peeked(this.#right.sorted())
    for (;;) {
      yield undefined
      const order = !left.next
        ? right.next
          ? 1
          : undefined
        : right.next
          ? byText(left.next, right.next)
          : -1
      if (order === undefined) return
      // Without a key they come last, and none is equal to another.
      const text = left.next?.text
      if (order < 0 || (order === 0 && text === undefined)) {
        this.#found.leftAlone(left.take().row)
      } else if (order > 0) {
        this.#found.rightAlone(right.take().row)
      } else {
        this.#same.clear()
        while (right.next?.text === text) {
          const { row } = right.take()
          if (this.#found.wantsPairs) this.#same.add(row)
          yield undefined
        }
        while (left.next?.text === text) {
          const { row } = left.take()
          this.#found.matched(row)
          if (!this.#found.wantsPairs) continue
          for (const partner of this.#same) yield void this.#found.partners(row, partner)
        }
      }
    }
  }
}

/** An iterator whose next value can be looked at. */
class Peeked<Value> {
  readonly #values: Iterator<Value>
  next: Value | undefined

  constructor(values: Iterator<Value>) {
    this.#values = values
    this.take()
  }

  take(): Value {
    const value = this.next as Value
    const { done, value: next } = this.#values.next()
    this.next = done ? undefined : next
    return value
  }
}

function textOf(key: Key | undefined): string | undefined {
  return key === undefined ? undefined : `${(typeof key)[0]}${key === 0 ? 0 : key}`
}

function byText(a: Sorted, b: Sorted): number {
  if (a.text === b.text) return 0
  if (a.text === undefined) return 1
  if (b.text === undefined) return -1
  return a.text < b.text ? -1 : 1
}

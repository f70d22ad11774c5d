/**
 * A join of two sides that are larger than memory: both are sorted by key, walked through together, and the results
 * sorted back: by the number of the left record, then by that of the right one; right records alone come last.
 */
import type { JoinFields } from '../spec/join-fields.ts'
import type { Key } from '../spec/identity.ts'
import type { DataRecord, Memory } from '../spec/node.ts'
import { ExternalSorter } from './external-sorter.ts'
import { partOfMemory } from './part-of-memory.ts'
import { WaitingRecords } from './waiting-records.ts'

/** What a kind of join gives. */
export interface JoinMeaning {
  /** A record for each pair of partners. */
  pairs: boolean
  /** The left record as it is, once, where it has a partner. */
  onMatch: boolean
  /** One for a left record without a partner; as it is where no rows of the right are needed. */
  leftAlone: boolean
  /** One for a right record without a partner, behind all others. */
  rightAlone: boolean
  /** False where it is enough to know the keys of the right side. */
  needsRows: boolean
}

/** A record that was numbered as it came. Without a key it has no partner. */
interface Row {
  key: string | undefined
  number: number
  record: DataRecord
}

interface Joined {
  left: number
  right: number
  record: DataRecord
}

export class SortedJoin {
  readonly #meaning: JoinMeaning
  readonly #fields: JoinFields
  readonly #left: ExternalSorter<Row>
  readonly #right: ExternalSorter<Row>
  readonly #joined: ExternalSorter<Joined>
  readonly #same: WaitingRecords<Row>

  constructor(meaning: JoinMeaning, fields: JoinFields, memory: Memory) {
    this.#meaning = meaning
    this.#fields = fields
    this.#left = new ExternalSorter(partOfMemory(memory, 0.5), byKey)
    this.#right = new ExternalSorter(partOfMemory(memory, 0.5), byKey)
    this.#joined = new ExternalSorter(partOfMemory(memory, 0.5), byNumbers)
    this.#same = new WaitingRecords(partOfMemory(memory, 0.25))
  }

  addRight(key: Key | undefined, record: DataRecord): void {
    this.#right.add({ key: textOf(key), number: this.#right.count, record })
  }

  addLeft(key: Key | undefined, record: DataRecord): void {
    this.#left.add({ key: textOf(key), number: this.#left.count, record })
  }

  /** The results in order. Undefined is none, but a good moment to look after other things. */
  *joined(): Generator<DataRecord | undefined, undefined> {
    for (const joined of this.#pairs()) {
      if (joined) this.#joined.add(joined)
      yield undefined
    }
    for (const { record } of this.#joined.sorted()) yield record
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#left.clear()
    this.#right.clear()
    this.#joined.clear()
    this.#same.clear()
  }

  *#pairs(): Generator<Joined | undefined> {
    const left = new Peeked(this.#left.sorted())
    const right = new Peeked(this.#right.sorted())
    for (;;) {
      const order = !left.next ? (right.next ? 1 : undefined) : right.next ? byKey(left.next, right.next) : -1
      if (order === undefined) return
      // Without a key they come last, and none is equal to another.
      const key = left.next?.key
      if (order < 0 || (order === 0 && key === undefined)) {
        const { number, record } = left.take()
        yield this.#leftAlone(number, record)
      } else if (order > 0) {
        yield this.#rightAlone(right.take())
      } else {
        this.#same.clear()
        while (right.next?.key === key) {
          this.#same.add(right.take())
          yield undefined
        }
        while (left.next?.key === key) yield* this.#partners(left.take())
      }
    }
  }

  *#partners({ number, record }: Row): Generator<Joined> {
    if (this.#meaning.onMatch) yield { left: number, right: 0, record }
    if (!this.#meaning.pairs) return
    for (const partner of this.#same) {
      yield { left: number, right: partner.number, record: this.#fields.both(record, partner.record) }
    }
  }

  #leftAlone(left: number, record: DataRecord): Joined | undefined {
    const { leftAlone, needsRows } = this.#meaning
    if (!leftAlone) return undefined
    return { left, right: 0, record: needsRows ? this.#fields.leftOnly(record) : record }
  }

  #rightAlone({ number, record }: Row): Joined | undefined {
    if (!this.#meaning.rightAlone) return undefined
    return { left: Infinity, right: number, record: this.#fields.rightOnly(record) }
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

/** Text by which equal keys are equal and others are not. */
function textOf(key: Key | undefined): string | undefined {
  return key === undefined ? undefined : `${(typeof key)[0]}${key === 0 ? 0 : key}`
}

function byKey(a: Row, b: Row): number {
  if (a.key === b.key) return 0
  if (a.key === undefined) return 1
  if (b.key === undefined) return -1
  return a.key < b.key ? -1 : 1
}

function byNumbers(a: Joined, b: Joined): number {
  // Infinity less Infinity is no number.
  return a.left === b.left ? a.right - b.right : a.left - b.left
}

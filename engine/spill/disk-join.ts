/**
 * A join of two sides that are larger than memory: both are divided by key, so that partners are in files of the same
 * place, and the pairs of files joined one after the other: by a table where the right one fits into memory, else divided
 * again, or sorted where nearly all have one key.
 * The results are put back in order by the number of the left record; right records alone come last.
 */
import type { JoinFields } from '../spec/join-fields.ts'
import type { Key } from '../spec/identity.ts'
import type { DataRecord, Memory } from '../spec/node.ts'
import { HashPartitions, type Partition } from './hash-partitions.ts'
import type { JoinFound, Row } from './join-found.ts'
import { NumberedValues } from './numbered.ts'
import { partOfMemory } from './part-of-memory.ts'
import { SortedJoin } from './sorted-join.ts'

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

/** Rows between two pauses. */
const PAUSE_AFTER = 8
/** What the table takes for a row, besides the row. */
const ROW_BYTES = 64
/** How often a partition is divided again. */
const DEEPEST = 3
const MOST_FILES = 64
/** Of what is divided at most so much in one of the files, else it is no use to go on. */
const MOST_IN_ONE = 0.9

type OnDisk = Partition<Row> & { remove(): void }

export class DiskJoin implements JoinFound {
  readonly #meaning: JoinMeaning
  readonly #fields: JoinFields
  readonly #memory: Memory
  readonly #left: HashPartitions<Row>
  readonly #right: HashPartitions<Row>
  readonly #sorted: SortedJoin
  #leftCount = 0
  #rightCount = 0
  #joined: NumberedValues<DataRecord> | undefined

  constructor(meaning: JoinMeaning, fields: JoinFields, memory: Memory) {
    this.#meaning = meaning
    this.#fields = fields
    this.#memory = memory
    // The one is written when the other has been.
    this.#left = new HashPartitions(memory, placeOf)
    this.#right = new HashPartitions(memory, placeOf)
    this.#sorted = new SortedJoin(this, partOfMemory(memory, 0.5))
  }

  addRight(key: Key | undefined, record: DataRecord): void {
    this.#right.add({ key, number: this.#rightCount++, record })
  }

  addLeft(key: Key | undefined, record: DataRecord): void {
    if (this.#leftCount === 0) this.#right.flush()
    this.#left.add({ key, number: this.#leftCount++, record })
  }

  /** The results in order. Undefined is none, but a good moment to look after other things. */
  *joined(): Generator<DataRecord | undefined, undefined> {
    this.#joined = new NumberedValues(partOfMemory(this.#memory, 0.5), {
      end: this.#leftCount + this.#rightCount,
      bytes: this.#left.bytes + this.#right.bytes,
    })
    yield* this.#pairs(this.#left, this.#right, 0)
    yield* this.#joined.inOrder()
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#left.clear()
    this.#right.clear()
    this.#sorted.clear()
    this.#joined?.clear()
  }

  get wantsPairs(): boolean {
    return this.#meaning.pairs
  }

  partners(left: Row, right: Row): void {
    this.#joined!.add(left.number, this.#fields.both(left.record, right.record))
  }

  matched({ number, record }: Row): void {
    if (this.#meaning.onMatch) this.#joined!.add(number, record)
  }

  leftAlone({ number, record }: Row): void {
    const { leftAlone, needsRows } = this.#meaning
    if (leftAlone) this.#joined!.add(number, needsRows ? this.#fields.leftOnly(record) : record)
  }

  rightAlone({ number, record }: Row): void {
    if (this.#meaning.rightAlone) this.#joined!.add(this.#leftCount + number, this.#fields.rightOnly(record))
  }

  /** Joins partitions of equal places. */
  *#pairs(lefts: HashPartitions<Row>, rights: HashPartitions<Row>, level: number): Generator<undefined> {
    const all = rights.bytes
    const others = lefts.undivided()
    for (const [place, right] of rights.undivided().entries()) {
      const left = others[place]!
      const fits = right.bytes + right.count * ROW_BYTES <= this.#memory.bytes / 2
      // Where nearly all have one key, dividing does not help.
      const isDivided = level < DEEPEST && (level === 0 || right.bytes < all * MOST_IN_ONE)
      if (fits) yield* this.#byTable(left, right)
      else if (isDivided) yield* this.#divided(left, right, level + 1)
      else yield* this.#sorted.join(left.values, right.values)
      left.remove()
      right.remove()
    }
  }

  /** Divides a pair of partitions into smaller ones, by other bits of the keys. */
  *#divided(left: OnDisk, right: OnDisk, level: number): Generator<undefined> {
    const files = Math.min(MOST_FILES, Math.max(2, Math.ceil((4 * right.bytes) / this.#memory.bytes)))
    const memory = partOfMemory(this.#memory, 0.5)
    const [lefts, rights] = [left, right].map(() => new HashPartitions(memory, placeOf, level, files)) as [
      HashPartitions<Row>,
      HashPartitions<Row>,
    ]
    try {
      for (const [from, to] of [
        [right, rights],
        [left, lefts],
      ] as const) {
        for (const block of from.blocks()) {
          for (const row of block) to.add(row)
          yield undefined
        }
        to.flush()
        from.remove()
      }
      yield* this.#pairs(lefts, rights, level)
    } finally {
      lefts.clear()
      rights.clear()
    }
  }

  *#byTable(left: Partition<Row>, right: Partition<Row>): Generator<undefined> {
    const table = new Map<Key, { rows: Row[]; matched: boolean }>()
    let count = 0
    for (const block of right.blocks()) {
      for (const row of block) {
        if (row.key === undefined) this.rightAlone(row)
        else {
          const same = table.get(row.key)
          if (same) same.rows.push(row)
          else table.set(row.key, { rows: [row], matched: false })
        }
        if (++count % PAUSE_AFTER === 0) yield undefined
      }
    }
    for (const block of left.blocks()) {
      for (const row of block) {
        const same = row.key === undefined ? undefined : table.get(row.key)
        if (same) {
          same.matched = true
          this.matched(row)
          for (const partner of this.wantsPairs ? same.rows : []) {
            this.partners(row, partner)
            if (++count % PAUSE_AFTER === 0) yield undefined
          }
        } else this.leftAlone(row)
        if (++count % PAUSE_AFTER === 0) yield undefined
      }
    }
    if (!this.#meaning.rightAlone) return
    for (const { rows, matched } of table.values()) {
      if (!matched) for (const row of rows) this.rightAlone(row)
      if (++count % PAUSE_AFTER === 0) yield undefined
    }
  }
}

/** What a row is divided by; rows without a key have no partner to be with, and are spread. */
function placeOf({ key, number }: Row): Key {
  return key ?? number
}

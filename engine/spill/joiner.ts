/**
 * Finds the partners of records by their keys. The right side is held: in memory as a table while it fits, else both
 * sides are divided by key on disk, joined part by part, and what comes of it is put back in order.
 */
import type { JoinFields } from '../spec/join-fields.ts'
import type { Key } from '../spec/identity.ts'
import type { DataRecord, Memory } from '../spec/node.ts'
import { ownText } from '../spec/own-text.ts'
import { recordBytes } from '../spec/record-size.ts'
import { DiskJoin, type JoinMeaning } from './disk-join.ts'

/** What the table may take; the rest is for the files that its rows move to. */
const TABLE_PART = 0.75
/** What the table takes for a row, besides the record and its key. */
const ROW_BYTES = 64

export const JOIN_KINDS = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const
export type JoinKind = (typeof JOIN_KINDS)[number]

/** Null in a key is equal to nothing: such a record has no partner. */
export type JoinedKey = Key | undefined

export class Joiner {
  readonly #kind: JoinKind
  readonly #meaning: JoinMeaning
  readonly #fields: JoinFields
  readonly #memory: Memory
  readonly #rows: DataRecord[] = []
  #index = new Map<Key, number[]>()
  #matched: boolean[] = []
  #bytes = 0
  #disk: DiskJoin | undefined

  constructor(kind: JoinKind, fields: JoinFields, memory: Memory) {
    this.#kind = kind
    this.#meaning = MEANINGS[kind]
    this.#fields = fields
    this.#memory = memory
  }

  /** Takes a record of the right side. All of them come before the first of the left. */
  addRight(key: JoinedKey, record: DataRecord): void {
    const { needsRows, rightAlone, leftAlone } = this.#meaning
    if (leftAlone && needsRows) this.#fields.sawRight(record)
    if (key === undefined && !rightAlone) return
    const row = needsRows ? record : undefined
    if (this.#disk) return this.#disk.addRight(key, row)
    if (!needsRows && this.#index.has(key!)) return
    this.#bytes += recordBytes(row) + recordBytes(key) + ROW_BYTES
    const number = this.#rows.push(row) - 1
    if (key !== undefined) {
      const same = this.#index.get(key)
      if (same) same.push(number)
      else this.#index.set(typeof key === 'string' ? ownText(key) : key, [number])
    }
    if (this.#bytes > this.#memory.bytes * TABLE_PART) this.#toDisk()
  }

  /** What a record of the left side gives at once; nothing where it has to wait for `rest`. */
  addLeft(key: JoinedKey, record: DataRecord): Iterable<DataRecord> {
    const { pairs, leftAlone, rightAlone, onMatch } = this.#meaning
    if (rightAlone) this.#fields.sawLeft(record)
    if (this.#disk) {
      this.#disk.addLeft(key, record)
      return NOTHING
    }
    const partners = key === undefined ? undefined : this.#index.get(key)
    if (!partners) {
      if (!leftAlone) return NOTHING
      return [this.#kind === 'anti' ? record : this.#fields.leftOnly(record)]
    }
    if (onMatch) return [record]
    if (!pairs) return NOTHING
    return partners.length === 1 ? [this.#pair(record, partners[0]!)] : this.#pairs(record, partners)
  }

  /** One after the other: they may be as many as the right side has records. */
  *#pairs(record: DataRecord, partners: readonly number[]): Generator<DataRecord, undefined> {
    for (const number of partners) yield this.#pair(record, number)
    return undefined
  }

  #pair(left: DataRecord, number: number): DataRecord {
    if (this.#meaning.rightAlone) this.#matched[number] = true
    return this.#fields.both(left, this.#rows[number])
  }

  /**
   * What is left when both sides have ended. Undefined is no record but a good moment to look after other things.
   */
  *rest(): Generator<DataRecord | undefined, undefined> {
    if (this.#disk) {
      yield* this.#disk.joined()
    } else if (this.#meaning.rightAlone) {
      for (let number = 0; number < this.#rows.length; number++) {
        if (!this.#matched[number]) yield this.#fields.rightOnly(this.#rows[number])
      }
    }
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    this.#disk?.clear()
    this.#index = new Map()
    this.#rows.length = 0
  }

  /** The table has become too large. */
  #toDisk(): void {
    const disk = new DiskJoin(this.#meaning, this.#fields, this.#memory)
    this.#disk = disk
    const keys: JoinedKey[] = []
    for (const [key, numbers] of this.#index) for (const number of numbers) keys[number] = key
    for (let number = 0; number < this.#rows.length; number++) disk.addRight(keys[number], this.#rows[number])
    this.#index = new Map()
    this.#rows.length = 0
  }
}

/** What most left records give in many joins. */
const NOTHING: readonly DataRecord[] = []

const PAIRS: JoinMeaning = {
  pairs: true,
  onMatch: false,
  leftAlone: false,
  rightAlone: false,
  needsRows: true,
}
const MEANINGS: Record<JoinKind, JoinMeaning> = {
  inner: PAIRS,
  left: { ...PAIRS, leftAlone: true },
  right: { ...PAIRS, rightAlone: true },
  full: { ...PAIRS, leftAlone: true, rightAlone: true },
  semi: { ...PAIRS, pairs: false, onMatch: true, needsRows: false },
  anti: { ...PAIRS, pairs: false, leftAlone: true, needsRows: false },
}

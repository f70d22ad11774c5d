/** The records that `join` makes: fields of both sides, those of the right renamed where the names clash. */
import type { DataRecord } from './node.ts'
import { pairShaper, type PairShaper, type RightField } from './pair-shaper.ts'
import { isFields, putField, type Fields } from './record-fields.ts'

/** Names that are remembered, so that the fields of a side that has no record can be null. */
const MOST_NAMES = 1000

export interface JoinKey {
  left: string
  right: string
}

export class JoinFields {
  readonly #prefix: string
  /** Key fields that have one name on both sides; they are there once. */
  readonly #shared: ReadonlySet<string>
  readonly #leftNames = new Set<string>()
  readonly #rightNames = new Set<string>()
  readonly #pair: PairShaper
  /** A right record without values, of as many names as were seen. */
  #nothing: { names: number; record: Fields } | undefined

  constructor(keys: readonly JoinKey[], prefix: string) {
    this.#prefix = prefix
    this.#shared = new Set(keys.filter(({ left, right }) => left === right).map(({ left }) => left))
    this.#pair = pairShaper(
      (left, right) => this.#rightFields(left, right),
      (left, right) => this.#plainPair(left, right),
    )
  }

  /** Remembers the names of a record's fields. */
  sawLeft(record: DataRecord): void {
    note(this.#leftNames, record)
  }
  sawRight(record: DataRecord): void {
    note(this.#rightNames, record)
  }

  both(left: DataRecord, right: DataRecord): Fields {
    return this.#pair(left as Fields, right as Fields)
  }

  /** A left record without a partner. */
  leftOnly(left: DataRecord): Fields {
    const names = this.#rightNames.size
    if (this.#nothing?.names !== names) {
      const record: Fields = {}
      for (const name of this.#rightNames) putField(record, name, null)
      this.#nothing = { names, record }
    }
    return this.#pair(left as Fields, this.#nothing.record)
  }

  /** A right record without a partner. */
  rightOnly(right: DataRecord): Fields {
    const from = right as Fields
    const left: Fields = {}
    for (const name of this.#leftNames)
      putField(left, name, this.#shared.has(name) ? (from[name] ?? null) : null)
    for (const name of this.#shared) if (!Object.hasOwn(left, name)) putField(left, name, from[name] ?? null)
    return this.both(left, right)
  }

  #plainPair(left: Fields, right: Fields): Fields {
    const made: Fields = { ...left }
    for (const { from, to } of this.#rightFields(Object.keys(left), Object.keys(right)))
      putField(made, to, right[from])
    return made
  }

  #rightFields(left: readonly string[], right: readonly string[]): RightField[] {
    const taken = new Set(left)
    return right.flatMap((from) => {
      if (this.#shared.has(from)) return []
      let to = from
      while (taken.has(to)) to = this.#prefix + to
      taken.add(to)
      return [{ from, to }]
    })
  }
}

function note(names: Set<string>, record: DataRecord): void {
  if (!isFields(record) || names.size >= MOST_NAMES) return
  for (const name in record) names.add(name)
}

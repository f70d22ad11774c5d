/** The records that `join` makes: fields of both sides, those of the right renamed where the names clash. */
import type { DataRecord } from './node.ts'
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

  constructor(keys: readonly JoinKey[], prefix: string) {
    this.#prefix = prefix
    this.#shared = new Set(keys.filter(({ left, right }) => left === right).map(({ left }) => left))
  }

  /** Remembers the names of a record's fields. */
  sawLeft(record: DataRecord): void {
    note(this.#leftNames, record)
  }
  sawRight(record: DataRecord): void {
    note(this.#rightNames, record)
  }

  both(left: DataRecord, right: DataRecord): Fields {
    const made: Fields = { ...(left as Fields) }
    const from = right as Fields
    for (const name of Object.keys(from)) {
      if (!this.#shared.has(name)) putField(made, this.#free(made, name), from[name])
    }
    return made
  }

  /** A left record without a partner. */
  leftOnly(left: DataRecord): Fields {
    const made: Fields = { ...(left as Fields) }
    for (const name of this.#rightNames) {
      if (!this.#shared.has(name)) putField(made, this.#free(made, name), null)
    }
    return made
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

  #free(made: Fields, name: string): string {
    let free = name
    while (Object.hasOwn(made, free)) free = this.#prefix + free
    return free
  }
}

function note(names: Set<string>, record: DataRecord): void {
  if (!isFields(record) || names.size >= MOST_NAMES) return
  for (const name in record) names.add(name)
}

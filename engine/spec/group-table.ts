/**
 * Groups in memory, by column: a list for each thing that is kept of a group, and an index that finds its slot by its
 * key. A group costs a third of what objects of its own would take, and the garbage collector has nothing to follow.
 */
import type { Key } from './identity.ts'
import { ownText, ownValue } from './own-text.ts'
import { TextIndex } from './text-index.ts'

/** The columns of a table. */
export interface GroupColumns {
  keys: Key[]
  /** By field, then by slot. Absent where the one field's values are the keys themselves. */
  values?: unknown[][] | undefined
  /** By aggregate, then by slot. */
  states: unknown[][]
}

export class GroupTable {
  /** By slot, in the order in which the groups were first seen. */
  readonly keys: Key[]
  /** By aggregate, then by slot. */
  readonly states: unknown[][]
  /** By field, then by slot; empty where there is one field, whose values are the keys but for `odd`. */
  readonly values: unknown[][]
  /** Slots whose keys are in the indexes: those below. What was taken over whole is indexed when a key is looked for. */
  #indexed = 0
  readonly #texts: TextIndex
  readonly #others = new Map<Key, number>()
  /** Values that their key does not say, such as lists, by slot. */
  readonly odd = new Map<number, unknown>()

  /**
   * @param fields how many are grouped by
   * @param columns what the table begins with, which is its own from then on; all keys differ
   */
  constructor(fields: number, aggregates: number, columns?: GroupColumns) {
    this.keys = columns?.keys ?? []
    this.#texts = new TextIndex(this.keys)
    this.states = columns?.states ?? Array.from({ length: aggregates }, () => [])
    const values = columns?.values
    if (fields > 1) this.values = values ?? Array.from({ length: fields }, () => [])
    else {
      this.values = []
      values?.[0]?.forEach((value, slot) => this.#keepOdd(slot, value))
    }
  }

  get size(): number {
    return this.keys.length
  }

  /** The slot of a key, or -1. */
  find(key: Key): number {
    while (this.#indexed < this.keys.length) this.#index(this.#indexed)
    return typeof key === 'string' ? this.#texts.find(key) : (this.#others.get(key) ?? -1)
  }

  /** Takes a key that `find` does not know; its states are pushed by the caller. */
  add(key: Key, valueOf: (field: number) => unknown): number {
    const slot = this.keys.length
    this.keys.push(typeof key === 'string' ? ownText(key) : key)
    this.#index(slot)
    if (this.values.length === 0) this.#keepOdd(slot, ownValue(valueOf(0) ?? null))
    else
      for (let field = 0; field < this.values.length; field++)
        this.values[field]!.push(ownValue(valueOf(field)))
    return slot
  }

  /** The value of a field as the first record of the group had it. */
  valueOf(field: number, slot: number, key: Key): unknown {
    if (this.values.length > 0) return this.values[field]![slot]
    const odd = this.odd.size > 0 ? this.odd.get(slot) : undefined
    return odd === undefined ? key : odd
  }

  #keepOdd(slot: number, value: unknown): void {
    if (!isSaidBy(this.keys[slot]!, value)) this.odd.set(slot, value)
  }

  #index(slot: number): void {
    const key = this.keys[slot]!
    if (typeof key === 'string') this.#texts.add(key, slot)
    else this.#others.set(key, slot)
    this.#indexed = slot + 1
  }
}

/** A Map makes 0 of -0. */
function isSaidBy(key: Key, value: unknown): boolean {
  return key === value ? !Object.is(value, -0) : Number.isNaN(key) && Number.isNaN(value)
}

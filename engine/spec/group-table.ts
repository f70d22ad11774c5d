/**
 * Groups in memory, by column: a Map from the key of a group to its slot, and a list for each thing that is kept of
 * it. A group costs a third of what objects of its own would take, and the garbage collector has nothing to follow.
 */
import type { Key } from './identity.ts'
import { ownText, ownValue } from './own-text.ts'

export class GroupTable {
  /** In the order in which the groups were first seen: the slots are 0, 1, 2 … */
  readonly slots = new Map<Key, number>()
  /** By aggregate, then by slot. */
  readonly states: unknown[][]
  /** By field, then by slot; empty where there is one field, whose values are the keys but for `odd`. */
  readonly values: unknown[][]
  /** Values that their key does not say, such as lists, by slot. */
  readonly odd = new Map<number, unknown>()

  constructor(fields: number, aggregates: number) {
    this.values = fields > 1 ? Array.from({ length: fields }, () => []) : []
    this.states = Array.from({ length: aggregates }, () => [])
  }

  get size(): number {
    return this.slots.size
  }

  /** Takes a key that is not there yet; its states are pushed by the caller. */
  add(key: Key, valueOf: (field: number) => unknown): number {
    const slot = this.slots.size
    this.slots.set(typeof key === 'string' ? ownText(key) : key, slot)
    if (this.values.length === 0) {
      const value = valueOf(0) ?? null
      if (!isSaidBy(key, value)) this.odd.set(slot, ownValue(value))
    } else {
      for (let field = 0; field < this.values.length; field++)
        this.values[field]!.push(ownValue(valueOf(field)))
    }
    return slot
  }

  /** The value of a field as the first record of the group had it. */
  valueOf(field: number, slot: number, key: Key): unknown {
    if (this.values.length > 0) return this.values[field]![slot]
    const odd = this.odd.size > 0 ? this.odd.get(slot) : undefined
    return odd === undefined ? key : odd
  }
}

/** A Map makes 0 of -0. */
function isSaidBy(key: Key, value: unknown): boolean {
  return key === value ? !Object.is(value, -0) : Number.isNaN(key) && Number.isNaN(value)
}

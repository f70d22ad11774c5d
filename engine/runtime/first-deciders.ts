/**
 * Decides for the workers of a shared stage which records are the first of their key. They send the keys, in the order of
 * the records; what memory has no room to decide is held here, with the records, until all have come.
 */
import type { Key } from '../spec/identity.ts'
import type { Batch, Memory } from '../spec/node.ts'
import { FirstOfKey } from '../spill/first-of-key.ts'
import { NodeFailure } from './failure.ts'
import { RestOf } from './rest-of.ts'

/** What a record is, by its place in a batch. */
export const OTHER = 0
export const FIRST = 1
export const HELD = 2

interface Decider {
  firsts: FirstOfKey
  /** Keys whose records have been asked for. */
  held: Key[]
  isReleased: boolean
}

export class FirstDeciders {
  readonly #nodes: readonly string[]
  readonly #memory: (node: string) => Memory
  readonly #deciders = new Map<string, Decider>()

  /** @param nodes each behind those that feed it */
  constructor(nodes: readonly string[], memory: (node: string) => Memory) {
    this.#nodes = nodes
    this.#memory = memory
  }

  /** What each record of a batch is: FIRST, OTHER, or HELD, which its worker then sends. */
  decide(node: string, keys: readonly Key[]): Uint8Array {
    const { firsts, held } = this.#of(node)
    const said = new Uint8Array(keys.length)
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!
      const isFirst = firsts.isFirst(key)
      said[at] = isFirst === undefined ? HELD : isFirst ? FIRST : OTHER
      if (isFirst === undefined) held.push(key)
    }
    return said
  }

  /** Takes the records of the keys that are held, in their order. @throws NodeFailure where the disk cannot take them */
  hold(node: string, records: Batch): void {
    const { firsts, held } = this.#of(node)
    const keys = held.splice(0, records.length)
    try {
      records.forEach((record, at) => firsts.hold(keys[at]!, record))
    } catch (error) {
      throw new NodeFailure(node, error)
    }
  }

  /** The records of the next node that holds some, when all of the records before it have come; undefined: no more do. */
  release(): RestOf | undefined {
    for (const node of this.#nodes) {
      const decider = this.#deciders.get(node)
      if (!decider || decider.isReleased || !decider.firsts.holds) continue
      decider.isReleased = true
      return new RestOf(node, decider.firsts.rest())
    }
    return undefined
  }

  /** Forgets everything and removes the files. */
  clear(): void {
    for (const { firsts } of this.#deciders.values()) firsts.clear()
    this.#deciders.clear()
  }

  #of(node: string): Decider {
    let decider = this.#deciders.get(node)
    if (!decider) {
      decider = { firsts: new FirstOfKey(this.#memory(node)), held: [], isReleased: false }
      this.#deciders.set(node, decider)
    }
    return decider
  }
}

/** A bound on how many values a node may hold. */
import { NodeError } from './node-error.ts'

/** What a `Budget` says when it is used up. */
export interface BudgetLimit {
  /** How many values may be held; absent: as many as come. */
  limit: number | undefined
  /** Plural, what is counted: "groups and distinct values". */
  what: string
  /** The config field that sets the limit. */
  field: string
  /** What to do instead of raising it. */
  remedy: string
}

/** Counts what is held; fails the node, with its remedy, before more than the limit is held. */
export class Budget {
  readonly #limit: BudgetLimit
  readonly #grown: ((bytes: number) => void) | undefined
  #held = 0

  /** @param grown is told of the bytes of values that are held, where they are known */
  constructor(limit: BudgetLimit, grown?: (bytes: number) => void) {
    this.#limit = limit
    this.#grown = grown
  }

  /** @throws NodeError when `count` more are too many */
  take(count = 1, bytes = 0): void {
    if (bytes > 0) this.#grown?.(bytes)
    this.#held += count
    const { limit = Infinity, what, field, remedy } = this.#limit
    if (this.#held <= limit) return
    throw new NodeError(`This node holds more than ${limit} ${what}.`, {
      remedy: `${remedy}, or raise “${field}”.`,
      field,
    })
  }
}

/** A bound on how many values a node may hold in memory. */
import { NodeError } from './node-error.ts'

/** What a `Budget` says when it is used up. */
export interface BudgetLimit {
  /** How many values may be held. */
  limit: number
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
  #held = 0

  constructor(limit: BudgetLimit) {
    this.#limit = limit
  }

  /** @throws NodeError when `count` more are too many */
  take(count = 1): void {
    this.#held += count
    const { limit, what, field, remedy } = this.#limit
    if (this.#held <= limit) return
    throw new NodeError(`This node holds more than ${limit} ${what}.`, {
      remedy: `${remedy}, or raise “${field}”.`,
      field,
    })
  }
}

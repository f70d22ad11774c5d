/**
 * The merge of a fold's parts in the row tier: its states joined in the order of the shares, then finished once. Where
 * the parts have divided what they hold by key, only the order is left to be made.
 */
import { batched } from '../spec/batches.ts'
import { isOwned, type KeyedFold, type Owned } from '../spec/division.ts'
import type { AnyNodeType, Batch, Fold, Setup } from '../spec/node.ts'
import type { StageMerge } from './part-work.ts'

export class RowMerge implements StageMerge {
  readonly node: string
  readonly #type: AnyNodeType
  readonly #setup: Setup<Record<string, unknown>>

  readonly #parts: number
  #onDisk = false

  /** @param parts how many parts the stage has */
  constructor(type: AnyNodeType, setup: Setup<Record<string, unknown>>, parts: number) {
    this.node = setup.node
    this.#type = type
    this.#setup = setup
    this.#parts = parts
  }

  get onDisk(): boolean {
    return this.#onDisk || this.#setup.memory.onDisk
  }

  records(states: readonly unknown[]): Iterable<Batch> {
    const fold = this.#type.fold!(this.#setup)
    return fold.keyed && states.some(isOwned)
      ? this.#combined(fold.keyed, states as readonly Owned[])
      : this.#merged(fold, states)
  }

  /** Each part has sent what it owns, or, where the run was stopped, it may have left that. */
  *#combined(keyed: KeyedFold<unknown>, owned: readonly Owned[]): Generator<Batch> {
    if (owned.length < this.#parts) return
    this.#onDisk = owned.some(({ onDisk }) => onDisk)
    yield* batched(keyed.combine(owned))
  }

  *#merged(fold: Fold<unknown>, states: readonly unknown[]): Generator<Batch> {
    let state: unknown
    let any = false
    for (const packed of states) {
      const next = fold.unpack!(packed)
      state = any ? fold.merge(state, next) : next
      any = true
      // Between two states others get their turn.
      yield []
    }
    if (!any) state = fold.init()
    for (const _ of fold.settle?.(state) ?? []) yield []
    yield* batched(fold.finish(state))
  }
}

/** The merge of a fold's parts in the row tier: its states joined in the order of the shares, then finished once. */
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { AnyNodeType, Batch, DataRecord, Setup } from '../spec/node.ts'
import type { StageMerge } from './part-work.ts'

export class RowMerge implements StageMerge {
  readonly node: string
  readonly #type: AnyNodeType
  readonly #setup: Setup<Record<string, unknown>>

  constructor(type: AnyNodeType, setup: Setup<Record<string, unknown>>) {
    this.node = setup.node
    this.#type = type
    this.#setup = setup
  }

  get onDisk(): boolean {
    return this.#setup.memory.onDisk
  }

  *records(states: readonly unknown[]): Iterable<Batch> {
    const fold = this.#type.fold!(this.#setup)
    let state: unknown
    let any = false
    for (const packed of states) {
      const next = fold.unpack!(packed)
      state = any ? fold.merge(state, next) : next
      any = true
      // Between two states others get their turn.
      yield []
    }
    let batch: DataRecord[] = []
    if (!any) state = fold.init()
    for (const _ of fold.settle?.(state) ?? []) yield []
    for (const record of fold.finish(state)) {
      batch.push(record)
      if (batch.length < BATCH_RECORDS) continue
      yield batch
      batch = []
    }
    yield batch
  }
}

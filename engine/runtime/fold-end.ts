/** The end of a fold: what it makes of what it holds, in batches, with turns of the event loop in between. */
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { DataRecord } from '../spec/node.ts'
import type { Folding } from './fused-members.ts'

export interface FoldEnd {
  /** Waits until there was room. */
  send(records: DataRecord[]): Promise<void>
  /** A promise to await where a turn of the event loop is due. */
  turn(): Promise<void> | undefined
  /** Nobody wants the rest. */
  isOver(): boolean
}

/** Sends all but the last batch, which it returns; nothing where the rest is not wanted. */
export async function endFold(
  { fold, state }: Folding,
  { send, turn, isOver }: FoldEnd,
): Promise<DataRecord[] | undefined> {
  for (const _ of fold.settle?.(state) ?? []) {
    await turn()
    if (isOver()) return undefined
  }
  let batch: DataRecord[] = []
  for (const record of fold.finish(state)) {
    batch.push(record)
    if (batch.length < BATCH_RECORDS) continue
    await send(batch)
    batch = []
    const due = turn()
    if (due) await due
    if (isOver()) return undefined
  }
  return batch
}

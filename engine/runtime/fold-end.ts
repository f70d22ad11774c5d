/**
 * The end of a fold: what it makes of what it holds, in batches, with turns of the event loop in between. After a stop
 * it has a moment for that; what it has not sent by then is dropped, and told of.
 */
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { AnyNodeType, DataRecord } from '../spec/node.ts'
import type { Folding } from './fused-members.ts'
import type { NodeMeters } from './meter.ts'
import type { RunOwner } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

/** The node whose fold ends. */
export interface EndingNode {
  readonly id: string
  readonly type: AnyNodeType
  readonly meters: NodeMeters
  readonly owner: RunOwner
  /** Hands on a batch; returns a promise where there was no room. */
  send(records: DataRecord[]): void | Promise<void>
  /** A promise to await where a turn of the event loop is due. */
  turn(): Promise<void> | undefined
  /** Nobody reads what it sends. */
  readonly isUnread: boolean
  /** Not all that it holds is in memory. */
  readonly isOnDisk: boolean
}

/** Sends what the fold makes. @throws what the fold throws */
export async function sendFold({ fold, state }: Folding, node: EndingNode): Promise<void> {
  const { meters } = node
  const began = performance.now()
  let busySince = began
  const send = async (records: DataRecord[]) => {
    meters.add('busyMs', stopwatch.read() - busySince)
    const room = node.send(records)
    if (room) await room
    meters.runs()
    busySince = performance.now()
  }
  for (const _ of fold.settle?.(state) ?? []) {
    await node.turn()
    if (isOver(node, began)) return dropRest(node)
  }
  let batch: DataRecord[] = []
  for (const record of fold.finish(state)) {
    batch.push(record)
    if (batch.length < BATCH_RECORDS) continue
    await send(batch)
    batch = []
    const due = node.turn()
    if (due) await due
    if (isOver(node, began)) return dropRest(node)
  }
  await send(batch)
}

/** Gives what the fold holds to those who merge it with what others hold. @throws what the fold throws */
export function packFold({ fold, state }: Folding, node: EndingNode, packed: (state: unknown) => void): void {
  // Laying the rest on disk for others to merge takes time that somebody who presses Stop does not have.
  const start = performance.now()
  if (isOver(node, start)) return
  packed(fold.pack!(state))
  node.meters.add('busyMs', stopwatch.read() - start)
}

/** Nobody wants the rest, or there is no time for it: it would have to come from disk, or has taken too long already. */
export function isOver({ owner, isUnread, isOnDisk }: EndingNode, began: number): boolean {
  return isUnread || owner.failed || (owner.endState === 'stopped' && (isOnDisk || owner.isLate(began)))
}

function dropRest({ id, type, meters, owner, isUnread }: EndingNode): void {
  const rest = type.laws.conserves && owner.metered ? unsent(meters) : undefined
  if (rest !== undefined) meters.add('dropped', rest)
  if (!isUnread && !owner.failed) owner.cutShort(id, rest)
}

function unsent(meters: NodeMeters): number {
  const [came, ...gone] = (['in', 'out', 'errors', 'dropped'] as const).map((name) => meters.get(name))
  return gone.reduce((rest, records) => rest - records, came!)
}

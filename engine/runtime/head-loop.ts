/** Drives a direct node that heads a stage: it reads from several stages, or a wire asked for a queue. */
import type { DirectNode } from './direct-node.ts'
import { RecordFailure, RunFailed, NodeFailure } from './failure.ts'
import type { Inbox } from './inbox.ts'
import type { Pacer } from './pacer.ts'
import type { RunOwner } from './runtime-node.ts'
import { stopwatch } from './stopwatch.ts'

/** Reads until the end, or until the node has enough. Never rejects: a failure goes to the run. */
export async function driveHead(
  node: DirectNode,
  inbox: Inbox,
  pacer: Pacer,
  owner: RunOwner,
): Promise<void> {
  node.feeders.push(() => inbox.leave())
  try {
    for (;;) {
      let batch = inbox.next()
      if (batch instanceof Promise) {
        node.meters.setState('waiting')
        batch = await batch
      }
      if (!batch) break
      // A node that has had enough counts what still comes as dropped.
      stopwatch.read()
      const pending = node.accept(batch)
      if (pending) await pending
      const turn = pacer.due(stopwatch.now)
      if (turn) await turn
    }
    await node.end()
  } catch (error) {
    const known = error instanceof RunFailed || error instanceof RecordFailure || error instanceof NodeFailure
    if (!known || !owner.failed) owner.fail(error)
    inbox.leave()
  }
}

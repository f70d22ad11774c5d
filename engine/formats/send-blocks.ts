/** Sends what a reader gives into a node's ports. */
import type { RunContext } from '../spec/node.ts'
import type { ReadBlock } from './read-block.ts'

/** Records leave by `out`, failures by `error`; awaits only where there is no room. */
export async function sendBlocks(
  blocks: AsyncIterable<ReadBlock>,
  { output, reject }: Pick<RunContext<never>, 'output' | 'reject'>,
): Promise<void> {
  const out = output['out']!
  for await (const { records, failures } of blocks) {
    if (records.length > 0) {
      const room = out.send(records)
      if (room) await room
    }
    for (const failure of failures) {
      const room = reject({ ...failure, number: failure.line })
      if (room) await room
    }
  }
}

/** Starts one worker's share of one stage, in whichever tier the plan says. */
import type { Batch } from '../spec/node.ts'
import { RunMemory } from '../spill/run-memory.ts'
import type { PartPort } from './part-protocol.ts'
import { RowPart } from './part-row.ts'
import { PartServer } from './part-server.ts'
import type { PartSetup } from './part-work.ts'

export interface ShareSetup {
  /** The memory of the whole run, and the threads that it is divided among. */
  memoryMb: number
  threads: number
  share: unknown
  port: PartPort
}

export interface Share {
  /** Settles when the share is done, or has been given up; never rejects. */
  readonly ended: Promise<void>
  stop(): void
  tap(edge: string, limit: number): Batch | undefined
}

export function startShare(setup: PartSetup, given: ShareSetup): Share {
  const { plan, registry, io } = setup
  const holders = plan.nodes.filter(({ type }) => registry.get(type)!.laws.holds === 'all').length
  const memory = new RunMemory({
    limitMb: given.memoryMb,
    shares: holders * given.threads,
    guard: (path) => io.guard(path),
  })
  const work = new RowPart(setup, () => memory.share())
  const server = new PartServer(work, given.port, () => memory.close())
  const ended = server.run(one(given.share))
  return { ended, stop: () => work.stop(), tap: (edge, limit) => work.tap(edge, limit) }
}

async function* one(share: unknown): AsyncIterable<unknown> {
  yield share
}

/** The shares that one thread does of the stages of a run: started together, stopped together, asked for their taps. */
import type { Flow } from '../host/protocol.ts'
import type { RunPlan, SharedStage } from '../plan/run-plan.ts'
import type { AnyNodeType, Batch, NodeIo } from '../spec/node.ts'
import { realClock } from './clock.ts'
import { MeterPage } from './meter.ts'
import type { PartPort } from './part-protocol.ts'
import { startShare, type ShareSetup } from './part-share.ts'

/** How often the thread shows that it still takes turns. */
const BEAT_MS = 100

export interface SharesSetup {
  flow: Flow
  work: RunPlan
  registry: ReadonlyMap<string, AnyNodeType>
  io: NodeIo
  /** The page that all of them count on. */
  meters: SharedArrayBuffer
  metered: boolean
  memoryMb: number
  threads: number
  /** `part`: its place among those of the stage. */
  shares: readonly { stage: number; part: number; share: unknown; port: PartPort }[]
}

export interface Shares {
  /** Settles when all have ended; never rejects. */
  readonly ended: Promise<unknown>
  stop(): void
  tap(edge: string, limit: number): Batch | undefined
}

export function startShares(setup: SharesSetup): Shares {
  const { flow, work, registry, io, metered, memoryMb, threads } = setup
  const { plan, shared } = work
  const meters = new MeterPage(plan, setup.meters)
  const common = { flow, plan, registry, io, clock: realClock, meters, metered }
  const running = setup.shares.map(({ stage, part, share, port }) => {
    const one = shared.find((candidate) => candidate.stage === stage)!
    const { nodes, program, tier, encoded, copies, workers } = one
    const more = moreFor(one, part, port)
    return startShare(
      { ...common, stage, nodes, program, encoded, copies },
      { tier, memoryMb, threads, share, more, place: { part, parts: workers }, port },
    )
  })
  const beating = setInterval(() => meters.beat(), BEAT_MS)
  beating.unref()
  const ended = Promise.all(running.map((share) => share.ended)).then(() => {
    clearInterval(beating)
    meters.idle()
  })
  return {
    ended,
    stop: () => running.forEach((share) => share.stop()),
    tap(edge, limit) {
      for (const share of running) {
        const records = share.tap(edge, limit)
        if (records) return records
      }
      return undefined
    },
  }
}

/** How a part comes by more shares than its first one. */
function moreFor(
  { parts, workers, cedes, leaves, copies, firsts }: SharedStage,
  part: number,
  port: PartPort,
): ShareSetup['more'] {
  if (copies.length > 0) return part === 0 ? 'rest' : 'none'
  if (parts.length > workers)
    return port.isLocal && leaves.length > 0 && firsts.length === 0 ? 'between' : 'turns'
  return cedes === undefined || workers < 2 ? 'none' : 'ceded'
}

/** Runs a flow with part workers that live in this thread: the same code and ports as with threads, but no start-up. */
import { MessageChannel } from 'node:worker_threads'
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import type { RunPlan } from '../../../engine/plan/run-plan.ts'
import { realClock } from '../../../engine/runtime/clock.ts'
import { MeterPage, MeterPages } from '../../../engine/runtime/meter.ts'
import { startShare, type Share } from '../../../engine/runtime/part-share.ts'
import { Run, type Outcome } from '../../../engine/runtime/run.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { testIo } from '../run-flow.ts'

export const registry = createRegistry(nodeTypes)

export interface SharedRun {
  run: Run
  work: RunPlan
  shares: Share[]
  meters: MeterPages
  /** Settles when the run and all of its parts have. */
  ended: Promise<Outcome>
}

/** @param workers at most; sources of any size are worth them */
export function startSharedRun(flow: Flow, folder: string, workers: number): SharedRun {
  const io = testIo(folder)
  const work = planWork(flow, registry, { workers, io, least: { rowBytes: 0, records: 0 } })
  const { plan } = work
  const parts = Math.max(0, ...work.shared.map((stage) => stage.parts.length))
  const meters = new MeterPages(plan, parts)
  const shares: Share[] = []
  const ports = new Map(
    work.shared.map(({ stage, nodes, parts: cut, program }) => [
      stage,
      cut.map((share, at) => {
        const { port1, port2 } = new MessageChannel()
        const page = new MeterPage(plan, meters.pages[at + 1]!.buffer)
        const setup = { flow, plan, stage, nodes, program, registry, io, clock: realClock, meters: page }
        shares.push(
          startShare({ ...setup, metered: true }, { memoryMb: 256, threads: parts + 1, share, port: port2 }),
        )
        return port1
      }),
    ]),
  )
  const run = new Run({ flow, registry, io, work, parts: ports, meters: meters.pages[0]!.buffer })
  const ended = Promise.all([run.ended, ...shares.map((share) => share.ended)]).then(([outcome]) => outcome)
  return { run, work, shares, meters, ended }
}

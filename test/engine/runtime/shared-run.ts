/** Runs a flow with part workers that live in this thread: the same code and ports as with threads, but no start-up. */
import { MessageChannel } from 'node:worker_threads'
import type { Flow } from '../../../engine/flow/model.ts'
import type { NODE_METERS, Tier } from '../../../engine/host/protocol.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import type { RunPlan } from '../../../engine/plan/run-plan.ts'
import { type MeterPage, MeterPages } from '../../../engine/runtime/meter.ts'
import { localPorts } from '../../../engine/runtime/local-ports.ts'
import type { FromPart, PartPort } from '../../../engine/runtime/part-protocol.ts'
import { startShares, type Shares } from '../../../engine/runtime/part-shares.ts'
import { Run, type Outcome } from '../../../engine/runtime/run.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { testIo } from '../run-flow.ts'

export const registry = createRegistry(nodeTypes)

export interface SharedRun {
  run: Run
  work: RunPlan
  /** By worker. */
  shares: Shares[]
  /** The shares that were cut off others. */
  ceded: unknown[]
  meters: MeterPages
  /** Settles when the run and all of its parts have. */
  ended: Promise<Outcome>
}

export interface Limits {
  workers: number
  /** The one tier that is allowed beside row; absent: all. */
  tier?: Tier
  /** Of a piece that workers take in turn. */
  turnBytes?: number
  /** What nodes may hold together; absent: 256. */
  memoryMb?: number
}

/**
 * @param limits workers at most; sources of any size are worth them
 * @param change has its way with the plan before it is run
 */
export function startSharedRun(
  flow: Flow,
  folder: string,
  limits: number | Limits,
  change: (work: RunPlan) => void = () => {},
): SharedRun {
  const io = testIo(folder)
  const { memoryMb = 256, ...wanted } = typeof limits === 'number' ? { workers: limits } : limits
  // The plan is not told of the memory: it would have fewer workers where that is small.
  const work = planWork(flow, registry, {
    turnBytes: 2000,
    ...wanted,
    io,
    least: { rowBytes: 0, kernelBytes: 0, records: 0, cededBytes: 64, cededRecords: 16 },
  })
  change(work)
  const { plan } = work
  const parts = Math.max(0, ...work.shared.map((stage) => stage.workers))
  const meters = new MeterPages(plan, parts)
  const ceded: unknown[] = []
  const ports = new Map<number, PartPort[]>()
  const shares = Array.from({ length: parts }, (_, at) =>
    startShares({
      flow,
      work,
      registry,
      io,
      metered: true,
      memoryMb,
      threads: parts,
      meters: meters.pages[at + 1]!.buffer,
      shares: work.shared.flatMap(({ stage, workers: crew, parts: cut }) => {
        if (at >= crew) return []
        // The first part is in the thread of the run, too.
        const { port1, port2 } = at === 0 ? localPorts() : new MessageChannel()
        port1.on('message', (message: FromPart) => {
          if (message.say === 'ceded' && message.share) ceded.push(message.share.work)
        })
        ports.set(stage, [...(ports.get(stage) ?? []), port1])
        return [{ stage, part: at, share: cut[at], port: port2 }]
      }),
    }),
  )
  const run = new Run({ flow, registry, io, work, memoryMb, parts: ports, meters: meters.pages[0]!.buffer })
  const ended = Promise.all([run.ended, ...shares.map((share) => share.ended)]).then(([outcome]) => outcome)
  return { run, work, shares, ceded, meters, ended }
}

/** The rows of all tables, and the counts of all nodes and edges that several workers must have as one has. */
export function told(
  flow: Flow,
  { run, meters }: SharedRun,
  names: readonly (typeof NODE_METERS)[number][] = [
    'in',
    'out',
    'errors',
    'dropped',
    'bytes',
    'progressDone',
  ],
): { rows: unknown[]; counts: unknown[]; edges: unknown[] } {
  const rows = Object.keys(flow.nodes).flatMap((id) => {
    const store = run.rows(id)
    return store ? [[id, store.slice(0, store.stored)]] : []
  })
  const sum = (read: (page: MeterPage) => number) => meters.pages.reduce((all, page) => all + read(page), 0)
  const counts = run.plan.nodes.map(({ id }, at) => [
    id,
    ...names.map((name) => sum((page) => page.node(at).get(name))),
  ])
  const edges = run.plan.edges.map(({ id }, at) => [id, sum((page) => page.edge(at).get('records'))])
  return { rows, counts, edges }
}

/** Runs a flow in the row tier with one worker and in the kernel tier with some, and gives both for comparison. */
import { expect } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import type { FilePart, FileShare } from '../../../engine/formats/file-part.ts'
import { EDGE_METERS, NODE_METERS } from '../../../engine/host/protocol.ts'
import type { KernelProgram, KernelSizes } from '../../../engine/kernel/program.ts'
import { Run, type Outcome } from '../../../engine/runtime/run.ts'
import { registry, startSharedRun } from '../runtime/shared-run.ts'
import { testIo } from '../run-flow.ts'

export interface TierRun {
  outcome: Outcome
  /** Rows of each table. */
  tables: Record<string, unknown[]>
  /** Counts that are exact in any tier. */
  counts: Record<string, number>
}

export async function rowRun(flow: Flow, folder: string): Promise<TierRun> {
  const run = new Run({ flow, registry, io: testIo(folder) })
  const outcome = await run.ended
  return told(run, outcome, run.meters.read())
}

interface Cuts {
  workers?: number
  cutAt?: number
  turnBytes?: number
}

/** @param cutAt where the shares of two workers meet, in bytes of their file */
export async function kernelRun(
  flow: Flow,
  folder: string,
  { workers = 1, cutAt, turnBytes = 300, ...sizes }: KernelSizes & Cuts = {},
): Promise<TierRun> {
  const { run, meters, ended } = startSharedRun(flow, folder, { workers, turnBytes }, (work) => {
    // A test that is not about the kernel tier proves nothing.
    expect(work.plan.stages[0]!.tier).toBe('kernel')
    for (const { program, parts } of work.shared) {
      ;(program as KernelProgram).sizes = sizes
      if (cutAt === undefined) continue
      const [[first], [second]] = parts as FileShare[] as [[FilePart], [FilePart]]
      first.to = second.from = cutAt
    }
  })
  return told(run, await ended, meters.read())
}

function told(run: Run, outcome: Outcome, frame: { nodes: number[]; edges: number[] }): TierRun {
  const tables: TierRun['tables'] = {}
  const counts: TierRun['counts'] = {}
  run.plan.nodes.forEach(({ id, type }, index) => {
    if (type === 'table') tables[id] = run.rows(id)!.slice(0, 1_000_000)
    for (const name of ['in', 'out', 'errors', 'dropped', 'bytes'] as const) {
      counts[`${id}.${name}`] = frame.nodes[index * NODE_METERS.length + NODE_METERS.indexOf(name)]!
    }
  })
  run.plan.edges.forEach(({ id }, index) => {
    counts[id] = frame.edges[index * EDGE_METERS.length + EDGE_METERS.indexOf('records')]!
  })
  return { outcome, tables, counts }
}

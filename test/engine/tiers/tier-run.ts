/** Runs a flow in one tier, with some workers, and tells all that must be the same in each. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { EDGE_METERS, NODE_METERS, type Tier } from '../../../engine/host/protocol.ts'
import type { KernelProgram, KernelSizes } from '../../../engine/kernel/program.ts'
import type { Outcome, Run } from '../../../engine/runtime/run.ts'
import { startSharedRun } from '../runtime/shared-run.ts'
import type { DrawnFlow } from './drawn-flow.ts'

export interface Way {
  tier: Tier
  workers: number
  /** Of the kernel tier: how much is worked on at once. */
  sizes?: KernelSizes
}

export interface Told {
  /** Outcome, rows, written text and counts, a line each. */
  lines: string[]
  /** What did the work: `row`, `kernel`, `sql`, and `shared` where several workers took part. */
  used: Set<string>
}

/** As text that tells -0, NaN, undefined, kinds of values and the order of fields. */
const shown = (value: unknown) =>
  inspect(value, {
    depth: null,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
    compact: true,
  })

const COUNTS = ['in', 'out', 'errors', 'dropped'] as const

export async function runIn({ flow, writes, exact }: DrawnFlow, folder: string, way: Way): Promise<Told> {
  const { run, meters, work, ended } = startSharedRun(flow, folder, way, ({ shared }) => {
    for (const { program } of shared) if (program) (program as KernelProgram).sizes = way.sizes ?? {}
  })
  const used = new Set<string>(work.plan.nodes.map(({ tier }) => tier))
  if (work.plan.stages.some(({ workers }) => workers > 1)) used.add('shared')
  const outcome = await ended
  const written = writes === undefined ? undefined : join(folder, writes)
  const text = written === undefined || !existsSync(written) ? [] : readFileSync(written, 'utf8').split('\n')
  if (written !== undefined) rmSync(written, { force: true })
  const lines = [ending(outcome), ...text.map((line) => `written ${line}`)]
  if (outcome.phase !== 'done') return { lines, used }
  // A node that refuses records is as exact as the table that they go to.
  const counted = (id: string) => exact(id.replace(/^bad-/, ''))
  return { lines: [...lines, ...rowsOf(run, counted), ...countsOf(run, meters.read(), counted)], used }
}

function ending({ phase, error }: Outcome): string {
  return error ? `${phase} ${shown(error)}` : phase
}

function rowsOf(run: Run, counted: (id: string) => boolean): string[] {
  return run.plan.nodes.flatMap(({ id }) => {
    const store = run.rows(id)
    if (!store || (id !== 'out' && !counted(id))) return []
    return store.slice(0, store.stored).map((row) => `${id} row ${shown(row)}`)
  })
}

function countsOf(
  run: Run,
  frame: { nodes: number[]; edges: number[] },
  counted: (id: string) => boolean,
): string[] {
  const nodes = run.plan.nodes.flatMap(({ id }, index) => {
    if (!counted(id)) return []
    const count = (name: (typeof COUNTS)[number]) =>
      frame.nodes[index * NODE_METERS.length + NODE_METERS.indexOf(name)]
    return [`${id} ${COUNTS.map((name) => `${name} ${count(name)}`).join(', ')}`]
  })
  const edges = run.plan.edges.flatMap(({ id, from, to }, index) => {
    if (!counted(from.node) || !counted(to.node)) return []
    const at = index * EDGE_METERS.length
    return [`${id} ${frame.edges[at + EDGE_METERS.indexOf('records')]}`]
  })
  return [...nodes, ...edges]
}

/** The first line that differs, with both; nothing where all are the same. */
export function firstDifference(found: Told, wanted: Told): string {
  const length = Math.max(found.lines.length, wanted.lines.length)
  for (let at = 0; at < length; at++) {
    const [ours, theirs] = [found.lines[at], wanted.lines[at]]
    if (ours !== theirs)
      return `line ${at}:\n  found  ${ours?.slice(0, 900)}\n  wanted ${theirs?.slice(0, 900)}`
  }
  return ''
}

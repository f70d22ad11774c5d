/** Flows over Parquet in tests: started in the SQL tier and in the row tier, and what they show for. */
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import type { Run } from '../../../engine/runtime/run.ts'
import { defineGenerator } from '../../../engine/spec/node.ts'
import type { AnyNodeType } from '../../../engine/spec/node.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun, testIo } from '../run-flow.ts'
import type { Row } from './random-table.ts'

/** Many seeds and rows in place of a few: WEIR_LONG_TESTS=1. */
export const LONG = process.env['WEIR_LONG_TESTS'] === '1'

type Nodes = Record<string, [string, Record<string, unknown>?]>

/** A node of the same name and settings that has the records at hand, or those of several paths. */
export function handed(given: readonly Row[] | ReadonlyMap<string, readonly Row[]>): AnyNodeType {
  const file = nodeTypes.find(({ type }) => type === 'file')!
  const { split: _, eachSource: __, ...rest } = file
  return defineGenerator({
    ...rest,
    config: () => file.config,
    async run({ output, config }) {
      const rows = given instanceof Map ? given.get(String(config['path'])) : (given as readonly Row[])
      for (let from = 0; from < rows.length; from += 1000) {
        const room = output['out']!.send(rows.slice(from, from + 1000))
        if (room) await room
      }
    },
  })
}

export function startSql(
  flow: Flow,
  { folder, workers = 2, memoryMb }: { folder: string; workers?: number; memoryMb?: number },
): Run {
  const work = planWork(flow, createRegistry(nodeTypes), { io: testIo(folder), tier: 'sql', workers })
  return startTestRun(flow, nodeTypes, { io: testIo(folder), work, ...(memoryMb && { memoryMb }) })
}

export const sqlNodes = (run: Run) => run.plan.nodes.filter(({ tier }) => tier === 'sql').length

/** All that a run shows for. */
export async function shown(run: Run): Promise<string[]> {
  const outcome = await run.ended
  const rows = run.rows('out')
  const nodes = run.plan.nodes.map(({ id }) => {
    const meters = metersOf(run, id)
    return `${id}: ${(['in', 'out', 'dropped', 'errors'] as const).map((name) => `${name} ${meters.get(name)}`).join(', ')}`
  })
  const edges = run.plan.edges.map(({ id }) => `${id}: ${edgeMetersOf(run, id).get('records')}`)
  const done = outcome.phase === 'done'
  const ending = `${outcome.phase} ${outcome.error?.message ?? ''}`
  if (!done) return [ending]
  return [
    ending,
    ...(rows?.slice(0, rows.stored).map((row) => `row ${lines(row)}`) ?? []),
    ...nodes,
    ...edges,
  ]
}

export function firstDifference(found: readonly string[], wanted: readonly string[]): string {
  const at = Array.from({ length: Math.max(found.length, wanted.length) }).findIndex(
    (_, index) => found[index] !== wanted[index],
  )
  return at === -1 ? '' : `${at}: SQL   ${found[at]}\n${at}: rows  ${wanted[at]}`
}

/** As text that tells -0, NaN and the order of fields. */
export const lines = (record: unknown) =>
  Object.entries(record as Row)
    .map(
      ([name, value]) =>
        `${name}=${Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)}`,
    )
    .join(' ')

export function chain(nodes: [string, string, Record<string, unknown>?][]): Flow {
  const all: Nodes = {}
  for (const [id, type, config] of nodes) all[id] = [type, config]
  const wires = nodes.slice(1).map(([id], at) => {
    const [from, type] = nodes[at]!
    return `${from}.${type === 'filter' ? 'kept' : 'out'} -> ${id}.in`
  })
  return flowOf(all, wires)
}

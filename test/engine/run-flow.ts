/** Runs a flow of test nodes in this thread: nodes and edges in short form, taps and rows out. */
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Flow, FlowEdge, FlowNode } from '../../engine/flow/model.ts'
import { Run } from '../../engine/runtime/run.ts'
import type { RunSetup } from '../../engine/runtime/run.ts'
import { createRegistry } from '../../engine/spec/registry.ts'
import type { AnyNodeType, NodeIo } from '../../engine/spec/node.ts'

/** A flow from `{ id: [type, config] }` and "a.out -> b.in" lines. */
export function flowOf(
  nodes: Record<string, [string, Record<string, unknown>?]>,
  wires: (string | FlowEdge)[],
): Flow {
  return {
    weir: 1,
    name: 'test',
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, config]]): [string, FlowNode] => [
        id,
        { type, ...(config && { config }) },
      ]),
    ),
    edges: wires.map((wire) => {
      if (typeof wire !== 'string') return wire
      const [from = '', to = ''] = wire.split(' -> ')
      return { from, to }
    }),
    layout: {},
  }
}

export interface TestIo extends NodeIo {
  printed: string[]
}

/** An outside world in memory, with files below a folder. */
export function testIo(folder = tmpdir(), stdin = ''): TestIo {
  const printed: string[] = []
  return {
    printed,
    resolve: (path) => (isAbsolute(path) ? path : join(folder, path)),
    async *stdin() {
      yield new TextEncoder().encode(stdin)
    },
    print: (text) => void printed.push(text),
    guard: () => () => {},
    log: () => {},
  }
}

/** Starts a run over the given node types. */
export function startTestRun(
  flow: Flow,
  types: readonly AnyNodeType[],
  options: Partial<RunSetup> = {},
): Run {
  return new Run({ flow, registry: createRegistry(types), io: testIo(), ...options })
}

/** The meters of a node by its id. */
export function metersOf(run: Run, id: string) {
  return run.meters.node(run.plan.nodes.findIndex((node) => node.id === id))
}
/** The meters of an edge by its id. */
export function edgeMetersOf(run: Run, id: string) {
  return run.meters.edge(run.plan.edges.findIndex((edge) => edge.id === id))
}

/** Everything that is wrong with a flow as a whole, as problems. */
import type { Registry } from '../spec/registry.ts'
import { graphProblems } from './check-graph.ts'
import { checkNode } from './check-node.ts'
import { cycleProblems } from './cycles.ts'
import { migrateNodes } from './migrate.ts'
import type { Flow } from './model.ts'
import { badNodeId, isNodeId } from './node-id.ts'
import { problem } from './problem-text.ts'
import type { Problem } from './problem.ts'

export { portsFit } from './ports-fit.ts'

/** All problems of the flow: of its nodes in their order, then of its wires. Settings of older versions are migrated first. */
export function validateFlow(flow: Flow, registry: Registry): Problem[] {
  if (Object.keys(flow.nodes).length === 0) return [problem('empty-flow', {}, {})]
  const migrated = migrateNodes(flow, registry)
  const unmigrated = new Set(migrated.problems.map(({ at }) => at.node))
  return [
    ...migrated.problems,
    ...Object.entries(migrated.flow.nodes).flatMap(([id, node]) => {
      if (!isNodeId(id)) return [badNodeId(id)]
      return unmigrated.has(id) ? [] : checkNode(id, node, registry)
    }),
    ...graphProblems(migrated.flow, registry),
    ...cycleProblems(migrated.flow),
  ]
}

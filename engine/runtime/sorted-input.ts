/** The order in which the records of a node come, where the only node before it promises one. */
import type { PlanEdge } from '../host/protocol.ts'
import type { SortKey } from '../spec/compare.ts'
import type { AnyNodeType } from '../spec/node.ts'

/**
 * By node: the first level of the order of its input; nodes left out cannot count on any.
 * @param nodeOf type and parsed config of a node; nothing where it is not known here
 */
export function sortedInputs(
  edges: readonly PlanEdge[],
  nodeOf: (id: string) => { type: AnyNodeType; config: Record<string, unknown> } | undefined,
): Map<string, SortKey> {
  const wires = new Map<string, number>()
  const sorted = new Map<string, SortKey>()
  for (const { from, to } of edges) {
    wires.set(to.node, (wires.get(to.node) ?? 0) + 1)
    const before = nodeOf(from.node)
    const key = from.port === 'out' ? before?.type.sorts?.(before.config) : undefined
    if (key) sorted.set(to.node, key)
  }
  // Two wires mix as they come.
  for (const id of sorted.keys()) if (wires.get(id) !== 1) sorted.delete(id)
  return sorted
}

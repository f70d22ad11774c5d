/** The nodes of a flow as SQL looks at them: chains behind sources, and joins of two of them. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { SqlTree } from '../sql/program-parts.ts'
import { chainFrom } from './chain.ts'
import type { FlowGraph, Wire } from './flow-graph.ts'

/** The node type that a tree has two sides at. */
export const JOIN = 'join'

/** The tree whose last chain begins at a source or a join; undefined where a side of a join comes from several places. */
export function treeFrom(graph: FlowGraph, head: string): SqlTree | undefined {
  const chain = chainFrom(graph, head)
  const wires = graph.wiresInto(head)
  if (wires.length === 0) return { chain }
  if (graph.type(head).type !== JOIN || wires.length !== 2) return undefined
  const [left, right] = ['left', 'right'].map((port) => {
    const wire = wires.find(({ to }) => to.port === port)
    const first = wire && headBefore(graph, wire)
    return first === undefined ? undefined : treeFrom(graph, first)
  })
  return left && right && { chain, sides: { left, right } }
}

/** Where the chain begins whose records all go over this wire, and nowhere else. */
function headBefore(graph: FlowGraph, wire: Wire): string | undefined {
  for (let into: Wire = wire; ;) {
    const { node, port } = into.from
    const onward = graph.wiresOutOf(node).filter(({ from }) => from.port !== ERROR_PORT_NAME)
    if (port === ERROR_PORT_NAME || onward.length !== 1) return undefined
    const wires = graph.wiresInto(node)
    if (wires.length === 0 || graph.type(node).type === JOIN) return node
    if (wires.length !== 1) return undefined
    into = wires[0]!
  }
}

/** The tree of a stage that was planned, with nothing behind its last node. */
export function treeOfStage(graph: FlowGraph, nodes: readonly string[]): SqlTree | undefined {
  const head = Math.max(
    0,
    nodes.findLastIndex((id) => graph.type(id).type === JOIN),
  )
  const tree = treeFrom(graph, nodes[head]!)
  return tree && { ...tree, chain: tree.chain.slice(0, nodes.length - head) }
}

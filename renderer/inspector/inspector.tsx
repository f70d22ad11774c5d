/** The panel at the right: settings of what is selected. */
import { useView } from '../app/use-stores.ts'
import { EdgeInspector } from './edge-inspector.tsx'
import { FlowInspector } from './flow-inspector.tsx'
import { ManyInspector } from './many-inspector.tsx'
import { NodeInspector } from './node-inspector.tsx'

export function Inspector() {
  const nodes = useView((state) => state.nodes)
  const edges = useView((state) => state.edges)
  const [node, edge] = [nodes[0], edges[0]]
  if (nodes.length === 1 && node !== undefined) return <NodeInspector key={node} id={node} />
  if (nodes.length === 0 && edges.length === 1 && edge !== undefined)
    return <EdgeInspector key={edge} id={edge} />
  if (nodes.length + edges.length > 1) return <ManyInspector nodes={nodes.length} edges={edges.length} />
  return <FlowInspector />
}

/** The trial flow behind a `sample` request: everything upstream of a node, cut short, ending in a table. */
import { edgeId, endpointOf } from '../flow/model.ts'
import type { Flow, FlowEdge } from '../flow/model.ts'
import type { Registry } from '../spec/registry.ts'

export const SAMPLE_TABLE = 'weir-sample'
const TRASH = 'weir-sample-rest'
/** Records that each source may give to a trial. */
const SOURCE_RECORDS = 1000

/** Null where nothing is wired into the node. Ids of the trial never collide with those of the flow: its nodes are renamed. */
export function sampleFlow(flow: Flow, node: string, registry: Registry): Flow | null {
  const into = flow.edges.filter((edge) => endpointOf(edge.to).node === node)
  if (into.length === 0) return null
  const above = new Set<string>()
  const walk = (id: string) => {
    if (above.has(id)) return
    above.add(id)
    for (const edge of flow.edges) if (endpointOf(edge.to).node === id) walk(endpointOf(edge.from).node)
  }
  for (const edge of into) walk(endpointOf(edge.from).node)
  // A cycle through the node itself: `check` reports it; a trial of it would never end.
  if (above.has(node)) return null

  const nodes: Flow['nodes'] = {
    [SAMPLE_TABLE]: { type: 'table', config: { limit: SOURCE_RECORDS } },
  }
  const edges: FlowEdge[] = []
  const wire = (from: string, to: string) => {
    if (!edges.some((edge) => edgeId(edge) === edgeId({ from, to }))) edges.push({ from, to })
  }
  const limited = new Map<string, string>()
  /** The port to read instead: behind a generator sits a `take`. */
  const shortened = (from: string): string => {
    const { node: id, port } = endpointOf(from)
    const source = flow.nodes[id]
    if (!source || registry.get(source.type)?.kind !== 'generator' || port === 'error') return from
    const known = limited.get(from)
    if (known) return known
    const take = `weir-take-${limited.size}`
    nodes[take] = { type: 'take', config: { n: SOURCE_RECORDS } }
    wire(from, `${take}.in`)
    limited.set(from, `${take}.out`)
    return `${take}.out`
  }
  for (const id of above) nodes[id] = flow.nodes[id]!
  for (const edge of flow.edges) {
    const [from, to] = [endpointOf(edge.from), endpointOf(edge.to)]
    if (!above.has(from.node)) continue
    if (above.has(to.node)) wire(shortened(edge.from), edge.to)
    else if (to.node === node) wire(shortened(edge.from), `${SAMPLE_TABLE}.in`)
  }
  for (const id of above) {
    const ports = registry.get(flow.nodes[id]!.type)?.ports.out ?? {}
    for (const port of Object.keys(ports)) {
      const from = `${id}.${port}`
      if (edges.some((edge) => edge.from === from)) continue
      // Only where it is needed: a node that nothing is wired to would keep the trial from running.
      nodes[TRASH] = { type: 'discard' }
      wire(from, `${TRASH}.in`)
    }
  }
  return { weir: 1, name: 'sample', nodes, edges, layout: {} }
}

/** The nodes of a flow that hold records: the memory of the run is divided among them. */
import type { Flow, Plan } from '../host/protocol.ts'
import type { AnyNodeType } from '../spec/node.ts'
import type { Holder } from '../spill/run-memory.ts'

export function memoryHolders(
  { nodes }: Plan,
  flow: Flow,
  registry: ReadonlyMap<string, AnyNodeType>,
): Holder[] {
  return nodes.flatMap(({ id, type: name }) => {
    const type = registry.get(name)!
    if (type.laws.holds !== 'all') return []
    const about = type.holdsAbout?.(type.config.parse(flow.nodes[id]!.config ?? {}))
    return [{ node: id, ...(about !== undefined && { about }) }]
  })
}

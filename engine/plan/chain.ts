/** The nodes behind a source that its records go through one after the other, as tiers beside row look at them. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import type { FlowGraph, Wire } from './flow-graph.ts'

/** From the source up to where records part, meet or end. Wires at `error` outputs are no part of it. */
export function chainFrom(graph: FlowGraph, head: string): ChainNode[] {
  const chain: ChainNode[] = []
  for (let id: string | undefined = head; id !== undefined;) {
    const onward: readonly Wire[] = graph.wiresOutOf(id).filter(({ from }) => from.port !== ERROR_PORT_NAME)
    const [next] = onward
    chain.push({
      id,
      type: graph.type(id).type,
      config: graph.config(id),
      // Of several wires one that is not from `out`: a node that could end the chain sees that this is wanted too.
      port: (onward.find(({ from }) => from.port !== 'out') ?? next)?.from.port ?? 'out',
    })
    id = onward.length === 1 && graph.wiresInto(next!.to.node).length === 1 ? next!.to.node : undefined
  }
  return chain
}

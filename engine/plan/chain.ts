/** The nodes behind a source that its records go through one after the other, as tiers beside row look at them. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { FlowGraph } from './flow-graph.ts'

/** A node of a chain: its records go to the next one only. Wires at `error` outputs are no part of it. */
export interface ChainNode {
  id: string
  type: string
  /** As its schema has parsed it. */
  config: Record<string, unknown>
  /** The output that leads to the next node; of the last one, any. */
  port: string
  /** Whether something reads what it refuses. */
  errorsWired: boolean
}

/** From the source up to where records part, meet or end. */
export function chainFrom(graph: FlowGraph, head: string): ChainNode[] {
  const chain: ChainNode[] = []
  for (let id: string | undefined = head; id !== undefined;) {
    const wires = graph.wiresOutOf(id)
    const onward = wires.filter(({ from }) => from.port !== ERROR_PORT_NAME)
    const [next] = onward
    chain.push({
      id,
      type: graph.type(id).type,
      config: graph.config(id),
      port: next?.from.port ?? 'out',
      errorsWired: wires.length > onward.length,
    })
    id = onward.length === 1 && graph.wiresInto(next!.to.node).length === 1 ? next!.to.node : undefined
  }
  return chain
}

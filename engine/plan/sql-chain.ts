/** The chain of nodes behind a source that SQL could do: each one's records go to the next one, and nowhere else. */
import { ERROR_PORT_NAME } from '../spec/node.ts'
import type { ChainNode } from '../sql/program-parts.ts'
import { LEAST_MB } from '../sql/sql-limits.ts'
import { readsParquet, sqlProgram } from '../sql/program.ts'
import type { FlowGraph, Wire } from './flow-graph.ts'
import { LEAST, type PlanOptions } from './plan-options.ts'

export interface SqlChain {
  /** The source first. */
  nodes: string[]
  why: string
}

/** What DuckDB does of the nodes behind a source; one sentence where it does nothing; undefined where it never could. */
export function sqlChainOf(
  graph: FlowGraph,
  head: string,
  options: PlanOptions,
): SqlChain | string | undefined {
  const { io, tier, memoryMb, least = LEAST } = options
  if (graph.type(head).type !== 'file' || !io) return undefined
  const config = graph.config(head)
  if (!readsParquet(config)) return undefined
  if (tier !== undefined && tier !== 'sql') return `the ${tier} tier was asked for`
  if (memoryMb !== undefined && memoryMb < LEAST_MB) return `DuckDB needs a memory limit of ${LEAST_MB} MB`
  const program = sqlProgram(chainOf(graph, head), io)
  if (typeof program === 'string') return program
  if (tier !== 'sql' && program.source.bytes < (least.sqlBytes ?? 0))
    return 'too small to be worth the start of DuckDB'
  return { nodes: program.nodes.map(({ id }) => id), why: program.why }
}

/** The nodes one behind the other, as far as there is one way only. What fails may go elsewhere: in SQL nothing does. */
export function chainOf(graph: FlowGraph, head: string): ChainNode[] {
  const chain: ChainNode[] = []
  for (let id: string | undefined = head; id !== undefined;) {
    const wires: readonly Wire[] = graph.wiresOutOf(id).filter(({ from }) => from.port !== ERROR_PORT_NAME)
    const wire: Wire | undefined = wires[0]
    const port = wire?.from.port ?? 'out'
    chain.push({ id, type: graph.type(id).type, config: graph.config(id), port })
    id = wires.length === 1 && graph.wiresInto(wire!.to.node).length === 1 ? wire!.to.node : undefined
  }
  return chain
}

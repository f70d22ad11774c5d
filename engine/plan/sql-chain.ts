/** The chain of nodes behind a source that SQL could do: each one's records go to the next one, and nowhere else. */
import type { FileMark } from '../sql/parquet-facts.ts'
import { LEAST_MB } from '../sql/sql-limits.ts'
import { readsParquet, sqlProgram } from '../sql/program.ts'
import { chainFrom } from './chain.ts'
import type { FlowGraph } from './flow-graph.ts'
import { LEAST, type PlanOptions } from './plan-options.ts'

export interface SqlChain {
  /** The source first. */
  nodes: string[]
  files: FileMark[]
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
  const program = sqlProgram(chainFrom(graph, head), io)
  if (typeof program === 'string') return program
  if (tier !== 'sql' && program.source.bytes < (least.sqlBytes ?? 0))
    return 'too small to be worth the start of DuckDB'
  return { nodes: program.nodes.map(({ id }) => id), files: program.source.files, why: program.why }
}

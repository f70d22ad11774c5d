/** The nodes that SQL could do: a chain behind a source, or behind a join of such chains. */
import type { FileMark } from '../sql/parquet-facts.ts'
import { LEAST_MB } from '../sql/sql-limits.ts'
import { readsParquet, sqlProgram } from '../sql/program.ts'
import type { SqlTree } from '../sql/program-parts.ts'
import type { FlowGraph } from './flow-graph.ts'
import { LEAST, type PlanOptions } from './plan-options.ts'
import { JOIN, treeFrom } from './sql-tree.ts'

export interface SqlChain {
  /** Each behind those that feed it; a source first. */
  nodes: string[]
  files: FileMark[]
  why: string
}

export interface SqlChains {
  /** By the first of their nodes. */
  chains: Map<string, SqlChain>
  /** One sentence for each source that reads Parquet and is in none of them. */
  reasons: Map<string, string>
}

/** What DuckDB does of a flow: the largest trees first, then what is behind single sources. */
export function sqlChains(graph: FlowGraph, options: PlanOptions): SqlChains {
  const chains = new Map<string, SqlChain>()
  const reasons = new Map<string, string>()
  const taken = new Set<string>()
  if (!options.io) return { chains, reasons }
  const sources = graph.ids.filter((id) => isParquet(graph, id))
  if (sources.length === 0) return { chains, reasons }
  const joins = graph.ids
    .filter((id) => graph.type(id).type === JOIN)
    .flatMap((id) => {
      const tree = treeFrom(graph, id)
      return tree && isAllParquet(graph, tree) ? [{ tree, size: sizeOf(tree) }] : []
    })
    .sort((a, b) => b.size - a.size)
  for (const { tree } of joins) {
    if (taken.has(tree.chain[0]!.id)) continue
    const chain = sqlChainOf(tree, options)
    if (typeof chain === 'string') {
      for (const id of sourcesOf(tree)) if (!taken.has(id)) reasons.set(id, chain)
    } else {
      chains.set(chain.nodes[0]!, chain)
      for (const id of chain.nodes) taken.add(id)
    }
  }
  for (const id of sources) {
    if (taken.has(id)) continue
    const chain = sqlChainOf(treeFrom(graph, id)!, options)
    if (typeof chain === 'string') reasons.set(id, reasons.get(id) ?? chain)
    else chains.set(id, chain)
  }
  return { chains, reasons }
}

/** What DuckDB does of a tree; one sentence where it does nothing. */
function sqlChainOf(tree: SqlTree, options: PlanOptions): SqlChain | string {
  const { io, tier, memoryMb, least = LEAST } = options
  if (tier !== undefined && tier !== 'sql') return `the ${tier} tier was asked for`
  if (memoryMb !== undefined && memoryMb < LEAST_MB) return `DuckDB needs a memory limit of ${LEAST_MB} MB`
  const program = sqlProgram(tree, io!)
  if (typeof program === 'string') return program
  const bytes = program.sources.reduce((sum, { facts }) => sum + facts.bytes, 0)
  if (tier !== 'sql' && bytes < (least.sqlBytes ?? 0)) return 'too small to be worth the start of DuckDB'
  return {
    nodes: program.nodes.map(({ id }) => id),
    files: program.sources.flatMap(({ facts }) => facts.files),
    why: program.why,
  }
}

function isParquet(graph: FlowGraph, id: string): boolean {
  return graph.type(id).type === 'file' && readsParquet(graph.config(id))
}

function isAllParquet(graph: FlowGraph, tree: SqlTree): boolean {
  return sourcesOf(tree).every((id) => isParquet(graph, id))
}

function sourcesOf({ chain, sides }: SqlTree): string[] {
  return sides ? [...sourcesOf(sides.left), ...sourcesOf(sides.right)] : [chain[0]!.id]
}

function sizeOf({ chain, sides }: SqlTree): number {
  return chain.length + (sides ? sizeOf(sides.left) + sizeOf(sides.right) : 0)
}

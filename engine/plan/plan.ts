/**
 * Cuts a validated flow into stages. A stage is a head (a node with control of its own, or one that reads from several
 * stages or through a queue) and the `each` and `fold` nodes behind it that need no queue: they run as one loop, batch
 * by batch, also where wires part and meet again (`stage-heads.ts`). Edges inside a stage are direct calls; edges
 * between stages become channels.
 *
 * Which tier a stage gets, and how many workers:
 * 1. A stage that begins at a large source which can be read in shares is shared by several workers (`share.ts`), where
 *    its records all end in folds that can be merged (each worker does one contiguous share), or in consumers that take
 *    bytes (workers take pieces in turn). Chains that can be worked on as bytes are the kernel tier's (`tiers.ts`), also
 *    with one worker; others are the row tier's.
 * 2. A stage that begins at a Parquet file, or at several that are joined, as far as SQL means the same, is one statement
 *    of DuckDB (`sql-chain.ts`).
 * 3. Nodes behind such folds are stages of their own, called directly by the merge in the run's thread.
 * 4. Everything else is the row tier, in the run's own thread.
 */
import { edgeId, endpointOf } from '../flow/model.ts'
import type { Flow, FlowEdge } from '../flow/model.ts'
import type { PlanEdge, PlanNode, PlanStage } from '../host/protocol.ts'
import type { AnyNodeType } from '../spec/node.ts'
import { FlowGraph } from './flow-graph.ts'
import { boundByMemory } from './memory-bound.ts'
import type { PlanOptions } from './plan-options.ts'
import type { RunPlan, SharedStage } from './run-plan.ts'
import { shareOf, type Share } from './share.ts'
import { sqlChains } from './sql-chain.ts'
import { stageHeads } from './stage-heads.ts'

/** Bounds of a channel where the edge sets none. */
const DEFAULT_CAPACITY = { records: 10_000, bytes: 16 * 1024 * 1024 }

/**
 * The plan together with what the workers of shared stages are to do.
 * @param flow a flow in which `validateFlow` found no errors
 */
export function planWork(
  flow: Flow,
  registry: ReadonlyMap<string, AnyNodeType>,
  options: PlanOptions,
): RunPlan {
  const graph = new FlowGraph(flow, registry)
  const shares = new Map<string, Share>()
  const { chains, reasons: notSql } = sqlChains(graph, options)
  const inSql = new Set([...chains.values()].flatMap(({ nodes }) => nodes))
  const reasons = new Map<string, string>()
  const bound = boundByMemory(graph, options)
  for (const id of graph.ids) {
    if (graph.wiresInto(id).length > 0 || inSql.has(id)) continue
    const found = bound.explained(shareOf(graph, id, bound.options))
    if (typeof found === 'string')
      reasons.set(id, notSql.has(id) ? `${found}; not SQL: ${notSql.get(id)}` : found)
    else shares.set(id, found)
  }
  const sharedBy = new Map<string, string>()
  for (const [head, { nodes }] of [...shares, ...chains]) for (const id of nodes) sharedBy.set(id, head)

  const { heads: headOf, called } = stageHeads(graph, flow, sharedBy)
  const copied = new Set([...shares.values()].flatMap((share) => share.copies))
  const edges = flow.edges.map((edge): PlanEdge => {
    const to = endpointOf(edge.to)
    const direct = called.has(to.node) && !copied.has(edgeId(edge))
    return { id: edgeId(edge), from: endpointOf(edge.from), to, direct, capacity: capacityOf(edge) }
  })
  const heads = graph.ids.filter((id) => headOf.get(id) === id)
  const stageOf = new Map(heads.map((id, index) => [id, index]))
  const nodes: PlanNode[] = graph.ids.map((id) => {
    const { type, kind } = graph.type(id)
    const head = headOf.get(id)!
    const tier = chains.has(head) ? 'sql' : (shares.get(head)?.tier ?? 'row')
    return { id, type, kind, stage: stageOf.get(head)!, tier }
  })
  const encoded = new Set([...shares.values()].flatMap((share) => share.encoded))
  const stages = heads.map((head, stage): PlanStage => {
    const rest = nodes.filter((node) => node.stage === stage && node.id !== head).map(({ id }) => id)
    const share = shares.get(head)
    const chain = chains.get(head)
    if (chain) return { nodes: chain.nodes, tier: 'sql', workers: options.workers ?? 1, why: chain.why }
    return {
      nodes: [head, ...rest],
      tier: share?.tier ?? 'row',
      workers: share?.workers ?? 1,
      ...(share && share.exchanges.length > 0 && { exchanges: share.exchanges }),
      why: share?.why ?? reasons.get(head) ?? whyAlone(head, edges, { sharedBy, encoded }),
    }
  })
  const shared = [...shares].map(([head, share]): SharedStage => {
    const { why: _, exchanges: __, ...work } = share
    return { ...work, stage: stageOf.get(head)! }
  })
  const sql = [...chains].map(([head, chain]) => ({
    stage: stageOf.get(head)!,
    nodes: chain.nodes,
    files: chain.files,
  }))
  return { plan: { nodes, edges, stages }, shared, sql }
}

/** Why a stage that does not begin at a source is run by the run's own thread. */
function whyAlone(
  head: string,
  edges: readonly PlanEdge[],
  { sharedBy, encoded }: { sharedBy: ReadonlyMap<string, string>; encoded: ReadonlySet<string> },
): string {
  const into = edges.filter((edge) => edge.to.node === head)
  if (into.every((edge) => edge.direct && sharedBy.has(edge.from.node)))
    return 'one worker: what was merged goes on in the run’s own thread'
  if (into.some(({ id }) => encoded.has(id))) return 'one worker: it writes what others have made bytes of'
  return 'one worker: its records come through a queue'
}

function capacityOf(edge: FlowEdge): { records: number; bytes: number } {
  return {
    records: edge.capacity?.records ?? DEFAULT_CAPACITY.records,
    bytes: edge.capacity?.bytes ?? DEFAULT_CAPACITY.bytes,
  }
}

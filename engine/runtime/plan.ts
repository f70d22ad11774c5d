/**
 * Cuts a validated flow into stages. A stage is a head (a node with control of its own, or one with several wires
 * coming in) and the `each` and `fold` nodes behind it that need no queue: they run as one loop, batch by batch.
 * Edges inside a stage are direct calls; edges between stages become channels.
 */
import { edgeId, endpointOf } from '../flow/model.ts'
import type { Flow, FlowEdge } from '../flow/model.ts'
import type { Plan, PlanEdge, PlanNode } from '../host/protocol.ts'
import type { AnyNodeType } from '../spec/node.ts'

/** Bounds of a channel where the edge sets none. */
export const DEFAULT_CAPACITY = { records: 10_000, bytes: 16 * 1024 * 1024 }

/** @param flow a flow in which `validateFlow` found no errors */
export function planFlow(flow: Flow, registry: ReadonlyMap<string, AnyNodeType>): Plan {
  const typeOf = (id: string) => registry.get(flow.nodes[id]!.type)!
  const wiresInto = new Map<string, number>()
  for (const edge of flow.edges) {
    const { node } = endpointOf(edge.to)
    wiresInto.set(node, (wiresInto.get(node) ?? 0) + 1)
  }
  const edges: PlanEdge[] = flow.edges.map((edge) => {
    const to = endpointOf(edge.to)
    return {
      id: edgeId(edge),
      from: endpointOf(edge.from),
      to,
      direct: !runsItself(typeOf(to.node)) && wiresInto.get(to.node) === 1 && edge.capacity === undefined,
      capacity: capacityOf(edge),
    }
  })

  const ids = Object.keys(flow.nodes)
  const feeder = new Map(edges.filter((edge) => edge.direct).map((edge) => [edge.to.node, edge.from.node]))
  const headOf = (id: string): string => {
    let head = id
    for (let above = feeder.get(head); above !== undefined; above = feeder.get(head)) head = above
    return head
  }
  const heads = ids.filter((id) => !feeder.has(id))
  const stageOf = new Map(heads.map((id, index) => [id, index]))
  const nodes: PlanNode[] = ids.map((id) => {
    const { type, kind } = typeOf(id)
    return { id, type, kind, stage: stageOf.get(headOf(id))!, tier: 'row' }
  })
  const stages = heads.map((head, stage) => ({
    nodes: [head, ...nodes.filter((node) => node.stage === stage && node.id !== head).map((node) => node.id)],
    tier: 'row' as const,
    workers: 1,
    why: 'its nodes work on whole records',
  }))
  return { nodes, edges, stages }
}

/** Nodes with a `run` and no per-record behaviour drive themselves and read through channels. */
export function runsItself(type: AnyNodeType): boolean {
  return type.each === undefined && type.fold === undefined
}

function capacityOf(edge: FlowEdge): { records: number; bytes: number } {
  return {
    records: edge.capacity?.records ?? DEFAULT_CAPACITY.records,
    bytes: edge.capacity?.bytes ?? DEFAULT_CAPACITY.bytes,
  }
}

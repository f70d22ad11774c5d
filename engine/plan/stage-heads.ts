/** Which nodes run together: the head of each node's stage, and the nodes that are called directly by what feeds them. */
import { endpointOf } from '../flow/model.ts'
import type { Flow } from '../flow/model.ts'
import type { FlowGraph, Wire } from './flow-graph.ts'

export interface StageHeads {
  /** By node. */
  heads: Map<string, string>
  /** Nodes without a queue before them: each wire into them is a call. */
  called: Set<string>
}

/**
 * A node whose wires all come out of one place, without a queue, goes along with it: a stage, or the merge of a shared
 * stage, which begins a stage of its own.
 * @param sharedBy the head of the shared stage of each node in one
 */
export function stageHeads(graph: FlowGraph, flow: Flow, sharedBy: ReadonlyMap<string, string>): StageHeads {
  const queued = new Set(
    flow.edges.filter((edge) => edge.capacity !== undefined).map((edge) => endpointOf(edge.to).node),
  )
  const heads = new Map<string, string>()
  const called = new Set<string>()
  for (const id of feedersFirst(graph)) {
    const shared = sharedBy.get(id)
    if (shared !== undefined) {
      // Inside a shared stage nothing ever waits, so a capacity asks for no more than the call gives.
      heads.set(id, shared)
      if (id !== shared) called.add(id)
      continue
    }
    const places = new Set(graph.wiresInto(id).map((wire) => placeOf(wire, graph, { heads, sharedBy })))
    const [place = ''] = places
    const joins = places.size === 1 && place !== '' && !graph.runsItself(id) && !queued.has(id)
    if (joins) called.add(id)
    heads.set(id, joins && !place.startsWith(MERGE) ? place : id)
  }
  return { heads, called }
}

interface Known {
  heads: ReadonlyMap<string, string>
  sharedBy: ReadonlyMap<string, string>
}

/** Before the head of a shared stage: the place of its merge. Ids have no dots. */
const MERGE = '.'

/** Where the records of a wire come from; empty where they come by message. */
function placeOf({ from }: Wire, graph: FlowGraph, { heads, sharedBy }: Known): string {
  const shared = sharedBy.get(from.node)
  if (shared === undefined) return heads.get(from.node)!
  // What a merge makes is in the run's own thread.
  return graph.isFold(from.node) && from.port === 'out' ? MERGE + shared : ''
}

/** All nodes, each behind those that feed it. Without recursion: a chain may be thousands of nodes long. */
function feedersFirst(graph: FlowGraph): string[] {
  const waitsFor = new Map(graph.ids.map((id) => [id, graph.wiresInto(id).length]))
  const order = graph.ids.filter((id) => waitsFor.get(id) === 0)
  for (const id of order) {
    for (const { to } of graph.wiresOutOf(id)) {
      const left = waitsFor.get(to.node)! - 1
      waitsFor.set(to.node, left)
      if (left === 0) order.push(to.node)
    }
  }
  return order
}

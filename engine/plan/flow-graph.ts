/** A validated flow as the planner looks at it: node types, parsed configs, wires by node. */
import { edgeId, endpointOf } from '../flow/model.ts'
import type { Endpoint, Flow, FlowEdge } from '../flow/model.ts'
import type { AnyNodeType } from '../spec/node.ts'

export interface Wire {
  /** Of its edge in the plan. */
  id: string
  from: Endpoint
  to: Endpoint
  /** Where the edge sets bounds of its own. */
  capacity: FlowEdge['capacity']
}

export class FlowGraph {
  readonly ids: readonly string[]
  readonly #flow: Flow
  readonly #registry: ReadonlyMap<string, AnyNodeType>
  readonly #into = new Map<string, Wire[]>()
  readonly #outOf = new Map<string, Wire[]>()

  /** @param flow a flow in which `validateFlow` found no errors */
  constructor(flow: Flow, registry: ReadonlyMap<string, AnyNodeType>) {
    this.#flow = flow
    this.#registry = registry
    this.ids = Object.keys(flow.nodes)
    for (const id of this.ids) {
      this.#into.set(id, [])
      this.#outOf.set(id, [])
    }
    for (const edge of flow.edges) {
      const wire: Wire = {
        id: edgeId(edge),
        from: endpointOf(edge.from),
        to: endpointOf(edge.to),
        capacity: edge.capacity,
      }
      this.#into.get(wire.to.node)!.push(wire)
      this.#outOf.get(wire.from.node)!.push(wire)
    }
  }

  type(id: string): AnyNodeType {
    return this.#registry.get(this.#flow.nodes[id]!.type)!
  }
  config(id: string): Record<string, unknown> {
    return this.type(id).config.parse(this.#flow.nodes[id]!.config ?? {})
  }
  wiresInto(id: string): readonly Wire[] {
    return this.#into.get(id)!
  }
  wiresOutOf(id: string): readonly Wire[] {
    return this.#outOf.get(id)!
  }
  isFold(id: string): boolean {
    return this.type(id).fold !== undefined
  }
  runsItself(id: string): boolean {
    return runsItself(this.type(id))
  }
}

/** Nodes with a `run` and no per-record behaviour drive themselves and read through channels. */
export function runsItself(type: AnyNodeType): boolean {
  return type.each === undefined && type.fold === undefined
}

/** What is wrong with the wires: ends that are not there, types that do not fit, nodes that nothing reaches. */
import type { AnyNodeType } from '../spec/node.ts'
import type { Registry } from '../spec/registry.ts'
import { edgeId, endpointOf } from './model.ts'
import type { Flow, FlowEdge } from './model.ts'
import { portsFit } from './ports-fit.ts'
import { problem } from './problem-text.ts'
import type { Problem } from './problem.ts'
import { nearest } from './suggest.ts'

/** Problems of each edge in their order, then of each node. Circles are `cycleProblems`'. */
export function graphProblems(flow: Flow, registry: Registry): Problem[] {
  const wiring = new Wiring(flow)
  const seen = new Set<string>()
  const problems: Problem[] = []
  for (const edge of flow.edges) {
    const id = edgeId(edge)
    if (seen.has(id)) problems.push(problem('doubled-edge', { edge: id }, { from: edge.from, to: edge.to }))
    else problems.push(...edgeProblems(edge, flow, registry))
    seen.add(id)
  }
  for (const [id, node] of Object.entries(flow.nodes)) {
    const type = registry.get(node.type)
    if (type) problems.push(...nodeProblems(id, type, wiring))
  }
  return problems
}

function edgeProblems(edge: FlowEdge, flow: Flow, registry: Registry): Problem[] {
  const at = { edge: edgeId(edge) }
  const ends = [
    { ...endpointOf(edge.from), side: 'output', of: 'out' },
    { ...endpointOf(edge.to), side: 'input', of: 'in' },
  ] as const
  const problems: Problem[] = []
  for (const { node, port, side, of } of ends) {
    const type = typeOf(node, flow, registry)
    if (!Object.hasOwn(flow.nodes, node)) {
      problems.push(
        problem('missing-node', at, { id: node, nearest: nearest(node, Object.keys(flow.nodes)) }),
      )
    } else if (type && !Object.hasOwn(type.ports[of], port)) {
      problems.push(problem('wrong-port', at, { node, port, side, ports: Object.keys(type.ports[of]) }))
    }
  }
  if (problems.length > 0) return problems
  const [from, to] = ends
  const fromType = typeOf(from.node, flow, registry)?.ports.out[from.port]?.type ?? 'any'
  const toType = typeOf(to.node, flow, registry)?.ports.in[to.port]?.type ?? 'any'
  if (portsFit(fromType, toType)) return []
  return [problem('incompatible-ports', at, { from: edge.from, fromType, to: edge.to, toType })]
}

function typeOf(id: string, flow: Flow, registry: Registry): AnyNodeType | undefined {
  return Object.hasOwn(flow.nodes, id) ? registry.get(flow.nodes[id]!.type) : undefined
}

/** What is not wired. One problem for a node wired to nothing at all, whatever it lacks. */
function nodeProblems(id: string, type: AnyNodeType, wiring: Wiring): Problem[] {
  const outputs = Object.entries(type.ports.out).filter(([, port]) => !port.optional)
  const alone = !wiring.hasInput(id) && !wiring.hasOutput(id)
  const problems: Problem[] = []
  if (type.kind !== 'generator' && !wiring.hasInput(id)) {
    const starved = wiring.onlyFedBy(id)
    problems.push(
      problem('unreachable', { node: id }, { node: id, consumer: type.kind === 'consumer', alone, starved }),
    )
    if (alone) return problems
  }
  if (type.kind === 'consumer' || wiring.hasBrokenOutput(id, type)) return problems
  for (const [port] of alone ? outputs.slice(0, 1) : outputs) {
    if (!wiring.hasOutput(id, port))
      problems.push(problem('dead-end', { node: id }, { node: id, port, alone }))
  }
  return problems
}

/** Which ends have a wire. Wires with a wrong other end count: they have a problem of their own already. */
class Wiring {
  readonly #inputs = new Map<string, Set<string>>()
  readonly #outputs = new Map<string, Set<string>>()
  /** The nodes before and behind each node. */
  readonly #before = new Map<string, Set<string>>()
  readonly #behind = new Map<string, Set<string>>()

  constructor(flow: Flow) {
    for (const edge of flow.edges) {
      const from = endpointOf(edge.from)
      const to = endpointOf(edge.to)
      add(this.#outputs, from.node, from.port)
      add(this.#inputs, to.node, to.port)
      add(this.#behind, from.node, to.node)
      add(this.#before, to.node, from.node)
    }
  }

  hasInput(node: string): boolean {
    return this.#inputs.has(node)
  }

  hasOutput(node: string, port?: string): boolean {
    const ports = this.#outputs.get(node)
    return port === undefined ? ports !== undefined : ports?.has(port) === true
  }

  /** A wire on an output that does not exist was surely meant for one that does. */
  hasBrokenOutput(node: string, type: AnyNodeType): boolean {
    return [...(this.#outputs.get(node) ?? [])].some((port) => !Object.hasOwn(type.ports.out, port))
  }

  /** Nodes behind this one that get records from nowhere else, in the order in which they are met. */
  onlyFedBy(node: string): string[] {
    const starved = new Set([node])
    for (const id of starved) {
      for (const next of this.#behind.get(id) ?? []) {
        if ([...(this.#before.get(next) ?? [])].every((source) => starved.has(source))) starved.add(next)
      }
    }
    starved.delete(node)
    return [...starved]
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

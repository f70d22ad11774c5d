/** Which wires are allowed, and why not: the same rules as the engine's check, said before the wire is dropped. */
import { endpointOf, edgeId } from '../../engine/host/protocol.ts'
import type { Endpoint, Flow, NodeDescriptor, PortType } from '../../engine/host/protocol.ts'

export interface WireContext {
  flow: Flow
  descriptors: ReadonlyMap<string, NodeDescriptor>
}

/** Where a wire is pulled from. `except` is the edge that is being moved, which does not stand in its own way. */
export interface WireStart extends Endpoint {
  direction: 'in' | 'out'
  except?: string
}

export type Verdict = { ok: true } | { ok: false; reason: string; fix: string }

const OK: Verdict = { ok: true }

/** `any` fits all, failed records are records, everything else fits only its own kind. */
export function fits(from: PortType, to: PortType): boolean {
  return from === to || from === 'any' || to === 'any' || (from === 'error' && to === 'record')
}

/** A verdict for every port of the other direction, keyed "node.port". Walks the graph once, so it may run at drag start. */
export function targetsOf(context: WireContext, start: WireStart): Map<string, Verdict> {
  const { flow, descriptors } = context
  const edges = flow.edges.filter((edge) => edgeId(edge) !== start.except)
  const own = `${start.node}.${start.port}`
  const taken = new Set(edges.map(edgeId))
  // Pulling forward, nothing upstream may be hit; pulling backward, nothing downstream.
  const forbidden = reachable(edges, start.node, start.direction === 'out' ? 'up' : 'down')
  const verdicts = new Map<string, Verdict>()
  for (const [id, node] of Object.entries(flow.nodes)) {
    const descriptor = descriptors.get(node.type)
    for (const port of Object.keys(descriptor?.ports[start.direction === 'out' ? 'in' : 'out'] ?? {})) {
      const other = `${id}.${port}`
      const [from, to] = start.direction === 'out' ? [own, other] : [other, own]
      verdicts.set(other, judge(context, { from, to, taken, circle: forbidden.has(id) }))
    }
  }
  return verdicts
}

/** One wire, "node.port" to "node.port". */
export function checkWire(context: WireContext, from: string, to: string, except?: string): Verdict {
  const start = { ...endpointOf(from), direction: 'out' as const, ...(except !== undefined && { except }) }
  return (
    targetsOf(context, start).get(to) ?? refuse(`There is no input ${to}.`, 'End the wire at an input port.')
  )
}

/** Why no wire can end at this node; for a pointer over a card instead of a port. */
export function explainNode(context: WireContext, start: WireStart, id: string): Verdict {
  const mine = [...targetsOf(context, start)]
    .filter(([end]) => endpointOf(end).node === id)
    .map(([, verdict]) => verdict)
  const name = nameOf(context.flow, id)
  return (
    mine.find((verdict) => verdict.ok) ??
    mine[0] ??
    (start.direction === 'out'
      ? refuse(`${name} takes no records: it has no input.`, 'Pull the wire to a processor or a consumer.')
      : refuse(`${name} gives no records: it has no output.`, 'Pull the wire to a generator or a processor.'))
  )
}

interface Candidate {
  from: string
  to: string
  taken: ReadonlySet<string>
  circle: boolean
}

function judge({ flow, descriptors }: WireContext, { from, to, taken, circle }: Candidate): Verdict {
  const [source, target] = [endpointOf(from), endpointOf(to)]
  if (source.node === target.node)
    return refuse('A node cannot feed itself.', 'Pull the wire to another node.')
  if (taken.has(edgeId({ from, to }))) {
    return refuse('These two ports are already connected.', 'One wire carries all records.')
  }
  if (circle) {
    const [first, last] = [nameOf(flow, target.node), nameOf(flow, source.node)]
    return refuse(
      `That makes a circle: ${first} already leads to ${last}.`,
      'Records flow one way; pick a node further on.',
    )
  }
  const typeAt = (end: Endpoint, direction: 'in' | 'out') =>
    descriptors.get(flow.nodes[end.node]?.type ?? '')?.ports[direction][end.port]?.type ?? 'any'
  const [gives, takes] = [typeAt(source, 'out'), typeAt(target, 'in')]
  return fits(gives, takes)
    ? OK
    : refuse(mismatch(nameOf(flow, target.node), gives, takes), remedy(gives, takes))
}

const WORDS: Record<PortType, string> = {
  any: 'any records',
  text: 'text',
  number: 'numbers',
  record: 'records with fields',
  error: 'failed records',
}

function mismatch(target: string, gives: PortType, takes: PortType): string {
  return `${target} takes ${WORDS[takes]}, this port gives ${WORDS[gives]}.`
}

function remedy(gives: PortType, takes: PortType): string {
  if (gives === 'text' && takes === 'record') return 'Put Parse between them.'
  return 'Put Map between them.'
}

function refuse(reason: string, fix: string): Verdict {
  return { ok: false, reason, fix }
}

function nameOf(flow: Flow, id: string): string {
  return flow.nodes[id]?.title ?? id
}

function reachable(edges: Flow['edges'], start: string, way: 'up' | 'down'): Set<string> {
  const next = new Map<string, string[]>()
  for (const edge of edges) {
    const [from, to] = [endpointOf(edge.from).node, endpointOf(edge.to).node]
    const [key, value] = way === 'down' ? [from, to] : [to, from]
    const list = next.get(key)
    if (list) list.push(value)
    else next.set(key, [value])
  }
  const seen = new Set<string>()
  const open = [start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next.get(id) ?? []) {
      if (!seen.has(other)) {
        seen.add(other)
        open.push(other)
      }
    }
  }
  return seen
}

/** Walking the graph with the keyboard: along wires, and among the branches of one node. Pure. */
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { Flow } from '../../engine/host/protocol.ts'
import type { Place } from './places.ts'

export type Way = 'left' | 'right' | 'up' | 'down'

export type Places = Readonly<Record<string, Place>>

/** The node that Alt+arrow leads to: left and right along a wire, up and down among what shares a neighbour. */
export function neighbour(
  flow: Flow,
  places: Places,
  { from, way }: { from: string; way: Way },
): string | null {
  if (way === 'left' || way === 'right') return nearest(along(flow, from, way), places, from)
  const siblings = new Set([
    ...along(flow, from, 'left').flatMap((id) => along(flow, id, 'right')),
    ...along(flow, from, 'right').flatMap((id) => along(flow, id, 'left')),
  ])
  const height = (id: string) => places[id]?.[1] ?? 0
  const beyond = [...siblings].filter((id) =>
    way === 'up' ? height(id) < height(from) : height(id) > height(from),
  )
  return nearest(beyond, places, from)
}

/** The wire that leaves (or enters) the node on this side; the first by height of its far end. */
export function wireBeside(
  flow: Flow,
  { from, way }: { from: string; way: 'left' | 'right' },
): string | null {
  const wire = flow.edges.find((edge) => endpointOf(way === 'right' ? edge.from : edge.to).node === from)
  return wire ? edgeId(wire) : null
}

/** Where a walk starts: the node furthest left, the upper one of two. */
export function firstNode(flow: Flow, places: Places): string | null {
  const order = (a: string, b: string) =>
    (places[a]?.[0] ?? 0) - (places[b]?.[0] ?? 0) || (places[a]?.[1] ?? 0) - (places[b]?.[1] ?? 0)
  return Object.keys(flow.nodes).toSorted(order)[0] ?? null
}

function along(flow: Flow, from: string, way: 'left' | 'right'): string[] {
  return flow.edges.flatMap((edge) => {
    const [source, target] = [endpointOf(edge.from).node, endpointOf(edge.to).node]
    if (way === 'right') return source === from ? [target] : []
    return target === from ? [source] : []
  })
}

function nearest(ids: readonly string[], places: Places, from: string): string | null {
  const height = (id: string) => places[id]?.[1] ?? 0
  const away = (id: string) => Math.abs(height(id) - height(from))
  return ids.toSorted((a, b) => away(a) - away(b) || height(a) - height(b))[0] ?? null
}

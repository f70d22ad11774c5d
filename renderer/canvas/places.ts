/** Where nodes are drawn: as the flow says, and laid out below the rest where it says nothing. */
import { endpointOf } from '../../engine/host/protocol.ts'
import type { Flow, NodeDescriptor } from '../../engine/host/protocol.ts'
import { GRID, NODE_HEIGHT, NODE_WIDTH } from './geometry.ts'
import { layeredLayout } from './layered-layout.ts'
import type { LayoutEdge } from './layered-layout.ts'

export type Place = readonly [number, number]

/** A flow written by hand may have no layout; drawing it does not change the document. */
export function placesOf(flow: Flow): Readonly<Record<string, Place>> {
  const missing = Object.keys(flow.nodes).filter((id) => !flow.layout[id])
  if (missing.length === 0) return flow.layout
  const placed = boundsOf(Object.keys(flow.nodes).flatMap((id) => (flow.layout[id] ? [flow.layout[id]] : [])))
  const below = placed.height === 0 ? 0 : placed.y + placed.height + 5 * GRID
  const computed = layeredLayout(missing, layoutEdges(flow))
  const shifted = Object.entries(computed).map(([id, [x, y]]) => [id, [x + placed.x, y + below]] as const)
  return { ...flow.layout, ...Object.fromEntries(shifted) }
}

/** Positions for a tidy: of these nodes, kept where their left top corner is. */
export function tidyPlaces(
  flow: Flow,
  ids: readonly string[],
  descriptors: ReadonlyMap<string, NodeDescriptor>,
): Record<string, [number, number]> {
  const places = placesOf(flow)
  const bounds = boundsOf(ids.flatMap((id) => (places[id] ? [places[id]] : [])))
  // Top to bottom as they are, so that a tidy respects the order that somebody chose.
  const ordered = ids.toSorted((a, b) => (places[a]?.[1] ?? 0) - (places[b]?.[1] ?? 0))
  const tidy = layeredLayout(ordered, layoutEdges(flow, descriptors))
  for (const at of Object.values(tidy)) {
    at[0] += Math.round(bounds.x / GRID) * GRID
    at[1] += Math.round(bounds.y / GRID) * GRID
  }
  return tidy
}

/** The rectangle around cards at these positions. */
export function boundsOf(places: readonly Place[]): { x: number; y: number; width: number; height: number } {
  if (places.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  const xs = places.map(([x]) => x)
  const ys = places.map(([, y]) => y)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x + NODE_WIDTH, height: Math.max(...ys) - y + NODE_HEIGHT }
}

function layoutEdges(flow: Flow, descriptors?: ReadonlyMap<string, NodeDescriptor>): LayoutEdge[] {
  return flow.edges.map((edge) => {
    const [from, to] = [endpointOf(edge.from), endpointOf(edge.to)]
    const outputs = Object.keys(descriptors?.get(flow.nodes[from.node]?.type ?? '')?.ports.out ?? {})
    const port = outputs.length > 0 ? outputs.indexOf(from.port) : from.port === 'error' ? 1 : 0
    return { from: from.node, to: to.node, port: Math.max(0, port) }
  })
}

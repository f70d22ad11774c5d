/** A layered layout, left to right: longest-path layers, order by neighbours, level wires where it can be had. */
import { GRID, NODE_HEIGHT, NODE_WIDTH } from './geometry.ts'

export interface LayoutEdge {
  from: string
  to: string
  /** Index of the output port, so that later ports lead to lower nodes. */
  port?: number
}

/** Room for a count of nine digits on the wire, and no more: a wide flow is a small one. */
const COLUMN = NODE_WIDTH + 80
const ROW = NODE_HEIGHT + 40
const SWEEPS = 8

/** Positions by id, the left top node at [0, 0]. Nodes in a circle are kept, in the order in which they came. */
export function layeredLayout(
  ids: readonly string[],
  edges: readonly LayoutEdge[],
): Record<string, [number, number]> {
  const known = new Set(ids)
  const wires = edges.filter((edge) => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to)
  const layers = layersOf(ids, wires)
  const heights = new Map<string, number>()
  for (const layer of layers) layer.forEach((id, index) => heights.set(id, index * ROW))
  const before = grouped(wires, 'to')
  const after = grouped(wires, 'from')
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0
    for (const layer of forward ? layers : layers.toReversed()) {
      settle(layer, heights, (id) => wantedHeight(id, (forward ? before : after).get(id) ?? [], heights))
    }
  }
  const top = Math.min(...heights.values())
  const positions: Record<string, [number, number]> = {}
  layers.forEach((layer, column) => {
    for (const id of layer) {
      const y = Math.round(((heights.get(id) ?? 0) - top) / GRID) * GRID
      positions[id] = [Math.round((column * COLUMN) / GRID) * GRID, y]
    }
  })
  return positions
}

/** The layer of a node is the longest way from a node without inputs. */
function layersOf(ids: readonly string[], wires: readonly LayoutEdge[]): string[][] {
  const waits = new Map(ids.map((id) => [id, 0]))
  for (const wire of wires) waits.set(wire.to, (waits.get(wire.to) ?? 0) + 1)
  const after = grouped(wires, 'from')
  const depth = new Map<string, number>()
  const open = ids.filter((id) => waits.get(id) === 0)
  for (const id of open) depth.set(id, 0)
  for (let index = 0; index < open.length; index++) {
    const id = open[index]!
    for (const { to } of after.get(id) ?? []) {
      depth.set(to, Math.max(depth.get(to) ?? 0, depth.get(id)! + 1))
      const left = waits.get(to)! - 1
      waits.set(to, left)
      if (left === 0) open.push(to)
    }
  }
  const layers: string[][] = []
  for (const id of ids) (layers[depth.get(id) ?? 0] ??= []).push(id)
  return Array.from(layers, (layer) => layer ?? [])
}

function grouped(wires: readonly LayoutEdge[], by: 'from' | 'to'): Map<string, LayoutEdge[]> {
  const groups = new Map<string, LayoutEdge[]>()
  for (const wire of wires) {
    const group = groups.get(wire[by])
    if (group) group.push(wire)
    else groups.set(wire[by], [wire])
  }
  return groups
}

/** The mean height of the neighbours; a later output port pulls its target down a little. */
function wantedHeight(
  id: string,
  wires: readonly LayoutEdge[],
  heights: ReadonlyMap<string, number>,
): number {
  if (wires.length === 0) return heights.get(id) ?? 0
  let sum = 0
  for (const { from, to, port = 0 } of wires) {
    sum +=
      from === id ? (heights.get(to) ?? 0) - (port * ROW) / 2 : (heights.get(from) ?? 0) + (port * ROW) / 2
  }
  return sum / wires.length
}

/** Orders a layer by the wanted heights and pushes overlaps apart, as far up as down. */
function settle(layer: string[], heights: Map<string, number>, wanted: (id: string) => number): void {
  const wishes = new Map(layer.map((id) => [id, wanted(id)]))
  layer.sort((a, b) => wishes.get(a)! - wishes.get(b)!)
  const down: number[] = []
  for (const [index, id] of layer.entries()) {
    down.push(index === 0 ? wishes.get(id)! : Math.max(wishes.get(id)!, down[index - 1]! + ROW))
  }
  const up: number[] = []
  for (let index = layer.length - 1; index >= 0; index--) {
    const wish = wishes.get(layer[index]!)!
    up[index] = index === layer.length - 1 ? wish : Math.min(wish, up[index + 1]! - ROW)
  }
  layer.forEach((id, index) => heights.set(id, (down[index]! + up[index]!) / 2))
}

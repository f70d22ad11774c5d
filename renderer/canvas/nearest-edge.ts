/** The edge that lies under a point: where a dropped node would be put in. Pure. */
import { curveBetween, nearestOnCurve } from './geometry.ts'
import type { Point } from './geometry.ts'

export interface PlacedEdge {
  id: string
  from: Point
  to: Point
}

/** Null where none is within `reach`. */
export function nearestEdge(edges: Iterable<PlacedEdge>, point: Point, reach: number): string | null {
  let [found, best] = [null as string | null, reach]
  for (const { id, from, to } of edges) {
    // Cheap test first: a curve never leaves the box of its four points by more than it swings out.
    const swing = to.x < from.x ? 6.25 * Math.sqrt(from.x - to.x) : 0
    const outside =
      point.x < Math.min(from.x, to.x) - swing - reach ||
      point.x > Math.max(from.x, to.x) + swing + reach ||
      point.y < Math.min(from.y, to.y) - reach ||
      point.y > Math.max(from.y, to.y) + reach
    if (outside) continue
    const { distance } = nearestOnCurve(curveBetween(from, to), point)
    if (distance <= best) [found, best] = [id, distance]
  }
  return found
}

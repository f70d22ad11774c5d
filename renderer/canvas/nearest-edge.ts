/** The edge that lies under a point: where a dropped node would be put in. Pure. */
import { boundsOf, curveBetween, nearestOnCurve } from './geometry.ts'
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
    const curve = curveBetween(from, to)
    // Cheap test first.
    const { left, right, top, bottom } = boundsOf(curve)
    if (point.x < left - reach || point.x > right + reach) continue
    if (point.y < top - reach || point.y > bottom + reach) continue
    const { distance } = nearestOnCurve(curve, point)
    if (distance <= best) [found, best] = [id, distance]
  }
  return found
}

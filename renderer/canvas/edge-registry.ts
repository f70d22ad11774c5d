/** The edges that are mounted now, with the place of their label: what the overlay draws and the count that switches it on. */
import { canvasState } from './canvas-state.ts'
import type { LabelPlace } from './geometry.ts'

export interface MountedEdge {
  source: string
  error: boolean
  label: LabelPlace
}

/** Beyond this many SVG labels a single canvas is cheaper; the gap keeps it from flipping to and fro. */
const OVERLAY_ABOVE = 300
const OVERLAY_BELOW = 250

export const mountedEdges = new Map<string, MountedEdge>()

let scheduled = false

export function mountEdge(id: string, edge: MountedEdge): () => void {
  mountedEdges.set(id, edge)
  schedule()
  return () => {
    if (mountedEdges.get(id) === edge) mountedEdges.delete(id)
    schedule()
  }
}

/** Counted once after a burst of mounts, not for each. */
function schedule(): void {
  if (scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    const { overlay } = canvasState.getState()
    const next = overlay ? mountedEdges.size >= OVERLAY_BELOW : mountedEdges.size > OVERLAY_ABOVE
    if (next !== overlay) canvasState.setState({ overlay: next })
  })
}

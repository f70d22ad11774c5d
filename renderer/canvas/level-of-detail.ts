/** How much is drawn at a zoom. The only readers of React Flow's own store, each through a value that changes seldom. */
import { useStore } from '@xyflow/react'
import { useCanvasState } from './canvas-state.ts'

/** `full` with labels on edges, `quiet` without, `boxes` of colour only. */
export type Detail = 'full' | 'quiet' | 'boxes'

const QUIET_BELOW = 0.6
const BOXES_BELOW = 0.35

export function useDetail(): Detail {
  const exporting = useCanvasState((state) => state.exporting)
  const detail = useStore(({ transform: [, , zoom] }): Detail =>
    zoom < BOXES_BELOW ? 'boxes' : zoom < QUIET_BELOW ? 'quiet' : 'full',
  )
  return exporting ? 'full' : detail
}

/** The zoom in whole percent. */
export function useZoomPercent(): number {
  return useStore((state) => Math.round(state.transform[2] * 100))
}

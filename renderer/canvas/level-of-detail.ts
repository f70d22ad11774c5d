/** How much is drawn at a zoom. The only reader of React Flow's own store: one, not one for each card and wire. */
import { useLayoutEffect } from 'react'
import { useStore } from '@xyflow/react'
import { canvasState, useCanvasState } from './canvas-state.ts'
import type { Detail } from './canvas-state.ts'

const QUIET_BELOW = 0.5
const BOXES_BELOW = 0.35

/** Mounted once: keeps the level in the canvas's state in step with the zoom. */
export function useZoomWatch(): void {
  const detail = useStore(({ transform: [, , zoom] }): Detail =>
    zoom < BOXES_BELOW ? 'boxes' : zoom < QUIET_BELOW ? 'quiet' : 'full',
  )
  useLayoutEffect(() => canvasState.setState({ detail }), [detail])
}

/** Changes only when a limit is crossed. */
export function useDetail(): Detail {
  return useCanvasState((state) => (state.exporting ? 'full' : state.detail))
}

/** The zoom in whole percent. */
export function useZoomPercent(): number {
  return useStore((state) => Math.round(state.transform[2] * 100))
}

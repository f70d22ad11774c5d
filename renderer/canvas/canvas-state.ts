/** What only the canvas knows and only for a moment: the wire in hand, the edge under the pointer, an export going on. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Verdict, WireStart } from './connection-rules.ts'
import type { Point } from './geometry.ts'

/** A wire that is being pulled: a verdict for every port it could end at, computed once when it was taken up. */
export interface Wiring {
  start: WireStart
  /** Keyed "node.port". */
  verdicts: ReadonlyMap<string, Verdict>
  /** The port that a pointer over the node's body means. */
  best: ReadonlyMap<string, string>
}

/** `full` with labels on edges, `quiet` without, `boxes` of colour only. */
export type Detail = 'full' | 'quiet' | 'boxes'

export interface CanvasState {
  detail: Detail
  wiring: Wiring | null
  /** The edge whose toolbar is open, and where. */
  toolbar: { edge: string; at: Point } | null
  /** The edge that a dropped node would be put into. */
  splice: string | null
  /** What is being dragged over the canvas. */
  dropping: 'node' | 'files' | null
  /** So many edges are visible that one canvas draws all labels. */
  overlay: boolean
  /** A picture of everything is being taken: everything is rendered, in full detail. */
  exporting: boolean
}

export const canvasState = createStore<CanvasState>()(() => ({
  detail: 'full',
  wiring: null,
  toolbar: null,
  splice: null,
  dropping: null,
  overlay: false,
  exporting: false,
}))

/** The selector must return a value that keeps its identity. */
export function useCanvasState<Value>(select: (state: CanvasState) => Value): Value {
  return useStore(canvasState, select)
}

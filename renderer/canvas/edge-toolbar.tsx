/** What can be done with the edge under the pointer: put a node in, look at its records, delete it. Lingers a moment. */
import { useCallback, useEffect, useRef } from 'react'
import { ViewportPortal, useReactFlow } from '@xyflow/react'
import { Plus, Table2, Trash2 } from 'lucide-react'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState, useCanvasState } from './canvas-state.ts'
import type { WireEdge } from './flow-graph.ts'
import { NODE_HEIGHT, NODE_WIDTH, snap } from './geometry.ts'

const LINGER_MS = 600
/** A pointer that only crosses the edge does not call the toolbar up. */
const REST_MS = 150

/** Pointer handlers for edges and for the toolbar itself. */
export function useEdgeHover() {
  const { screenToFlowPosition } = useReactFlow()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hold = useCallback(() => clearTimeout(timer.current), [])
  const leave = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => canvasState.setState({ toolbar: null }), LINGER_MS)
  }, [])
  const enter = useCallback(
    (event: React.MouseEvent, edge: WireEdge) => {
      clearTimeout(timer.current)
      if (event.buttons !== 0 || canvasState.getState().toolbar?.edge === edge.id) return
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
      timer.current = setTimeout(() => canvasState.setState({ toolbar: { edge: edge.id, at } }), REST_MS)
    },
    [screenToFlowPosition],
  )
  return { enter, leave, hold }
}

export function EdgeToolbar({ hold, leave }: { hold: () => void; leave: () => void }) {
  const toolbar = useCanvasState((state) => state.toolbar)
  if (!toolbar) return null
  const { edge, at } = toolbar
  const act = (action: () => void) => () => {
    canvasState.setState({ toolbar: null })
    action()
  }
  return (
    <ViewportPortal>
      <div
        className="canvas-toolbar nopan nodrag"
        style={{ '--canvas-x': `${at.x}px`, '--canvas-y': `${at.y}px` } as React.CSSProperties}
        role="toolbar"
        aria-label="Wire"
        onPointerEnter={hold}
        onPointerLeave={leave}
      >
        <button
          type="button"
          title="Put a node into this wire"
          aria-label="Put a node into this wire"
          onClick={(event) => act(() => openSplicePicker(edge, at, { x: event.clientX, y: event.clientY }))()}
        >
          <Plus size={14} strokeWidth={1.75} />
        </button>
        <button
          type="button"
          title="Show its records"
          aria-label="Show its records"
          onClick={act(() => inspect(edge))}
        >
          <Table2 size={14} strokeWidth={1.75} />
        </button>
        <button
          type="button"
          title="Delete this wire"
          aria-label="Delete this wire"
          onClick={act(() => remove(edge))}
        >
          <Trash2 size={14} strokeWidth={1.75} />
        </button>
      </div>
    </ViewportPortal>
  )
}

function openSplicePicker(
  edge: string,
  { x, y }: { x: number; y: number },
  screen: { x: number; y: number },
): void {
  const at: [number, number] = [snap(x - NODE_WIDTH / 2), snap(y - NODE_HEIGHT / 2)]
  viewStore.getState().openPicker({ screen, at, splice: edge })
}

function inspect(edge: string): void {
  viewStore.getState().select([], [edge])
  viewStore.getState().setInspect({ kind: 'edge', id: edge })
}

function remove(edge: string): void {
  documentStore.getState().remove([], [edge])
  const { nodes, edges, select } = viewStore.getState()
  select(
    nodes,
    edges.filter((id) => id !== edge),
  )
}

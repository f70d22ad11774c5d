/** React Flow, set up: what it draws, how the camera moves, and where its events go. */
import { useCallback, useEffect, useRef } from 'react'
import {
  Background,
  BackgroundVariant,
  MiniMap,
  PanOnScrollMode,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react'
import type { AriaLabelConfig, Viewport } from '@xyflow/react'
import { useView } from '../app/use-stores.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState, useCanvasState } from './canvas-state.ts'
import { EdgeToolbar, useEdgeHover } from './edge-toolbar.tsx'
import type { CardNode, WireEdge } from './flow-graph.ts'
import { GRID, labelGrowth, NODE_HEIGHT, NODE_WIDTH, snap } from './geometry.ts'
import { GhostWire } from './ghost-wire.tsx'
import { useZoomWatch } from './level-of-detail.ts'
import { CardComponent } from './node-card.tsx'
import { useFlowGraph } from './use-flow-graph.ts'
import { useWiring } from './use-wiring.ts'
import { WireComponent } from './wire-edge.tsx'

// Constants of the module: React Flow mounts everything anew when their identity changes.
const NODE_TYPES = { card: CardComponent }
const EDGE_TYPES = { wire: WireComponent }
const SNAP: [number, number] = [GRID, GRID]
const PAN_BUTTONS = [1, 2]
const MULTI_KEYS = ['Meta', 'Control', 'Shift']
const LABELS: Partial<AriaLabelConfig> = {
  'node.a11yDescription.default':
    'Enter opens its settings, arrows move it, Alt with arrows walks along the wires, Delete removes it.',
  'node.a11yDescription.keyboardDisabled':
    'Enter opens its settings, arrows move it, Alt with arrows walks along the wires, Delete removes it.',
  'edge.a11yDescription.default': 'Enter shows its records, Delete removes it.',
  'minimap.ariaLabel': 'Map of the flow',
  'handle.ariaLabel': 'Port',
}

export function FlowSurface() {
  const graph = useFlowGraph()
  const wiring = useWiring()
  const hover = useEdgeHover()
  useZoomWatch()
  const wanted = useView((state) => state.panels.minimap)
  const minimap = wanted && graph.nodes.length > 0
  const exporting = useCanvasState((state) => state.exporting)
  const surface = useRef<HTMLDivElement>(null)
  const { screenToFlowPosition, getViewport } = useReactFlow()

  // Wires keep their width on the screen. The factors sit on the edges' layer only, not to restyle every card.
  const scaleWires = useCallback((_: unknown, { zoom }: Viewport) => {
    const factors = {
      '--canvas-unzoom': (1 / zoom).toFixed(2),
      '--canvas-label': labelGrowth(zoom).toFixed(2),
    }
    const layers = surface.current?.querySelectorAll<HTMLElement>(
      '.react-flow__edges, .react-flow__viewport-portal',
    )
    for (const { style } of layers ?? []) {
      for (const [name, factor] of Object.entries(factors)) {
        if (style.getPropertyValue(name) !== factor) style.setProperty(name, factor)
      }
    }
  }, [])
  useEffect(() => scaleWires(null, getViewport()), [scaleWires, getViewport])

  const inspect = useCallback((_: unknown, edge: WireEdge) => {
    viewStore.getState().setInspect({ kind: 'edge', id: edge.id })
  }, [])

  /** React Flow has no event for it. */
  const addHere = (event: React.MouseEvent) => {
    if (!(event.target as Element).classList.contains('react-flow__pane')) return
    const screen = { x: event.clientX, y: event.clientY }
    const { x, y } = screenToFlowPosition(screen)
    viewStore.getState().openPicker({ screen, at: [snap(x - NODE_WIDTH / 2), snap(y - NODE_HEIGHT / 2)] })
  }

  return (
    <div ref={surface} className="canvas-surface" onDoubleClick={addHere}>
      <ReactFlow<CardNode, WireEdge>
        {...graph}
        {...wiring}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onEdgeClick={inspect}
        onEdgeMouseEnter={hover.enter}
        onEdgeMouseLeave={hover.leave}
        onMove={scaleWires}
        onMoveStart={closeToolbar}
        onlyRenderVisibleElements={!exporting}
        minZoom={0.05}
        maxZoom={2}
        snapToGrid
        snapGrid={SNAP}
        panOnScroll
        panOnScrollMode={PanOnScrollMode.Free}
        panOnDrag={PAN_BUTTONS}
        selectionOnDrag
        selectionMode={SelectionMode.Partial}
        selectionKeyCode={null}
        multiSelectionKeyCode={MULTI_KEYS}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        connectOnClick={false}
        connectionRadius={30}
        nodeDragThreshold={3}
        connectionDragThreshold={3}
        paneClickDistance={3}
        reconnectRadius={12}
        edgesReconnectable={false}
        disableKeyboardA11y
        ariaLabelConfig={LABELS}
        attributionPosition="top-right"
      >
        <Background variant={BackgroundVariant.Dots} gap={3 * GRID} size={1.5} />
        <GhostWire />
        <EdgeToolbar hold={hover.hold} leave={hover.leave} />
        {minimap && (
          <MiniMap<CardNode> pannable zoomable nodeClassName={kindOf} nodeBorderRadius={12} offsetScale={8} />
        )}
      </ReactFlow>
    </div>
  )
}

function kindOf({ data, selected }: CardNode): string {
  const kind = `canvas-map-${data.descriptor?.kind ?? 'unknown'}`
  return selected ? `${kind} canvas-map-selected` : kind
}

function closeToolbar(event: unknown): void {
  // Moves of the camera that nobody made by hand leave it open.
  if (event && canvasState.getState().toolbar) canvasState.setState({ toolbar: null })
}

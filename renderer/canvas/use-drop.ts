/** Dropping onto the canvas: node types from the palette (on an edge they are put in), data files and flows from outside. */
import { useCallback, useMemo, useRef } from 'react'
import { useReactFlow } from '@xyflow/react'
import type { ReactFlowInstance } from '@xyflow/react'
import { studio } from '../app/studio.ts'
import { documentStore } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState } from './canvas-state.ts'
import { fits } from './connection-rules.ts'
import { freshNode } from './edit-actions.ts'
import type { CardNode, WireEdge } from './flow-graph.ts'
import { NODE_HEIGHT, NODE_WIDTH, snap } from './geometry.ts'
import type { Point } from './geometry.ts'
import { nearestEdge } from './nearest-edge.ts'
import type { PlacedEdge } from './nearest-edge.ts'

/** Type of the drag data: the node's type name. */
export const NODE_MIME = 'application/x-weir-node'

/** On the screen, whatever the zoom. */
const REACH = 14
const TEST_MS = 60

export function useDrop() {
  const flow = useReactFlow<CardNode, WireEdge>()
  const lastTest = useRef(0)

  const onDragOver = useCallback(
    (event: React.DragEvent) => {
      const { types } = event.dataTransfer
      const dropping = types.includes(NODE_MIME) ? 'node' : types.includes('Files') ? 'files' : null
      if (!dropping) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      if (canvasState.getState().dropping !== dropping) canvasState.setState({ dropping })
      if (dropping !== 'node' || event.timeStamp - lastTest.current < TEST_MS) return
      lastTest.current = event.timeStamp
      const splice = edgeUnder(flow, { x: event.clientX, y: event.clientY })
      if (splice !== canvasState.getState().splice) canvasState.setState({ splice })
    },
    [flow],
  )

  const onDragLeave = useCallback((event: React.DragEvent) => {
    const into = event.relatedTarget
    if (!(into instanceof Node) || !event.currentTarget.contains(into))
      canvasState.setState({ dropping: null, splice: null })
  }, [])

  const onDrop = useCallback(
    (event: React.DragEvent) => {
      const { dropping } = canvasState.getState()
      canvasState.setState({ dropping: null, splice: null })
      if (!dropping) return
      event.preventDefault()
      const pointer = { x: event.clientX, y: event.clientY }
      const { x, y } = flow.screenToFlowPosition(pointer)
      const at: [number, number] = [snap(x - NODE_WIDTH / 2), snap(y - NODE_HEIGHT / 2)]
      if (dropping === 'files') void studio.dropFiles([...event.dataTransfer.files], at)
      else dropNode(event.dataTransfer.getData(NODE_MIME), at, edgeUnder(flow, pointer))
      if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus({ preventScroll: true })
    },
    [flow],
  )
  return useMemo(() => ({ onDragOver, onDragLeave, onDrop }), [onDragOver, onDragLeave, onDrop])
}

function dropNode(type: string, at: [number, number], edge: string | null): void {
  const { addNode, spliceNode } = documentStore.getState()
  const { notify, select } = viewStore.getState()
  if (!runStore.getState().descriptors.has(type)) {
    notify(`There is no node type ${type || 'without a name'}. Drag one from the palette.`, 'error')
    return
  }
  const ports = edge === null ? null : portsFor(type, edge)
  const id =
    edge !== null && ports ? spliceNode(edge, freshNode(type), at, ports) : addNode(freshNode(type), at)
  select([id])
  if (edge !== null && !ports) notify(`${type} does not fit into that wire, so it stands beside it.`)
}

/** The ports with which a node of this type fits into an edge; null where it does not. */
export function portsFor(type: string, edge: string): { in: string; out: string } | null {
  const { descriptors } = runStore.getState()
  const { flow } = documentStore.getState()
  const [from = '', to = ''] = edge.split('->')
  const typeAt = (end: string, direction: 'in' | 'out') => {
    const [node = '', port = ''] = end.split('.')
    return descriptors.get(flow.nodes[node]?.type ?? '')?.ports[direction][port]?.type ?? 'any'
  }
  const { ports } = descriptors.get(type) ?? {}
  const into = Object.entries(ports?.in ?? {}).find(([, port]) => fits(typeAt(from, 'out'), port.type))
  const out = Object.entries(ports?.out ?? {}).find(
    ([, port]) => port.type !== 'error' && fits(port.type, typeAt(to, 'in')),
  )
  return into && out ? { in: into[0], out: out[0] } : null
}

function edgeUnder(flow: ReactFlowInstance<CardNode, WireEdge>, pointer: Point): string | null {
  return nearestEdge(placedEdges(flow), flow.screenToFlowPosition(pointer), REACH / flow.getZoom())
}

function* placedEdges({
  getEdges,
  getInternalNode,
}: ReactFlowInstance<CardNode, WireEdge>): Iterable<PlacedEdge> {
  const end = (id: string, name: string | null | undefined, direction: 'in' | 'out') => {
    const node = getInternalNode(id)
    const port = node?.data.ports.find((port) => port.name === name && port.direction === direction)
    if (!node || !port) return null
    const { x, y } = node.internals.positionAbsolute
    return { x: x + port.x, y: y + port.y }
  }
  for (const edge of getEdges()) {
    const from = end(edge.source, edge.sourceHandle, 'out')
    const to = end(edge.target, edge.targetHandle, 'in')
    if (from && to) yield { id: edge.id, from, to }
  }
}

/** Document, selection and React Flow in step: positions live here while they are dragged and become one undo step. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { applyNodeChanges } from '@xyflow/react'
import type { EdgeChange, NodeChange, NodePositionChange } from '@xyflow/react'
import { edgeId } from '../../engine/host/protocol.ts'
import type { Flow } from '../../engine/host/protocol.ts'
import { documentStore } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState } from './canvas-state.ts'
import { buildEdges, buildNodes } from './flow-graph.ts'
import type { CardNode, GraphInput, WireEdge } from './flow-graph.ts'

function nodeInput(): GraphInput {
  return {
    flow: documentStore.getState().flow,
    descriptors: runStore.getState().descriptors,
    selected: new Set(viewStore.getState().nodes),
  }
}

function edgeInput(): GraphInput {
  const selected = new Set(viewStore.getState().edges)
  const hovered = canvasState.getState().toolbar?.edge
  return {
    ...nodeInput(),
    selected,
    loose: hovered === undefined ? selected : new Set([...selected, hovered]),
  }
}

export function useFlowGraph() {
  const [nodes, setNodes] = useState(() => buildNodes([], nodeInput()))
  const [edges, setEdges] = useState(() => buildEdges([], edgeInput()))
  /** A marquee selects nodes; React Flow would add every edge that touches them. */
  const marquee = useRef(false)

  useEffect(() => {
    const updateNodes = () => setNodes((old) => buildNodes(old, nodeInput()))
    const updateEdges = () => setEdges((old) => buildEdges(old, edgeInput()))
    const updateBoth = () => {
      updateNodes()
      updateEdges()
    }
    updateBoth()
    const stops = [
      documentStore.subscribe((state, old) => {
        if (state.flow === old.flow) return
        dropGone(state.flow)
        updateBoth()
      }),
      runStore.subscribe((state, old) => state.descriptors !== old.descriptors && updateBoth()),
      viewStore.subscribe((state, old) => {
        if (state.nodes !== old.nodes) updateNodes()
        if (state.edges !== old.edges) updateEdges()
      }),
      canvasState.subscribe((state, old) => state.toolbar?.edge !== old.toolbar?.edge && updateEdges()),
    ]
    return () => stops.forEach((stop) => stop())
  }, [])

  const onNodesChange = useCallback((changes: NodeChange<CardNode>[]) => {
    selectAs(changes, 'nodes')
    const moves = changes.filter((change): change is NodePositionChange => change.type === 'position')
    if (moves.length > 0) setNodes((old) => applyNodeChanges(moves, old))
    const done = moves.filter((move) => move.dragging === false && move.position)
    if (done.length > 0) {
      documentStore
        .getState()
        .moveNodes(
          Object.fromEntries(done.map(({ id, position }) => [id, [position?.x ?? 0, position?.y ?? 0]])),
        )
    }
  }, [])

  const onEdgesChange = useCallback((changes: EdgeChange<WireEdge>[]) => {
    selectAs(
      marquee.current ? changes.filter((change) => change.type === 'select' && !change.selected) : changes,
      'edges',
    )
  }, [])

  const onSelectionStart = useCallback(() => {
    marquee.current = true
  }, [])
  const onSelectionEnd = useCallback(() => {
    marquee.current = false
  }, [])

  return { nodes, edges, onNodesChange, onEdgesChange, onSelectionStart, onSelectionEnd }
}

/** An undo or a reload may take away what was selected. */
function dropGone(flow: Flow): void {
  const { nodes, edges, select } = viewStore.getState()
  const ids = edges.length > 0 ? new Set(flow.edges.map(edgeId)) : null
  select(
    nodes.filter((id) => flow.nodes[id]),
    edges.filter((id) => ids?.has(id)),
  )
}

/** Carries React Flow's selection changes into the view store. */
function selectAs(
  changes: readonly (NodeChange<CardNode> | EdgeChange<WireEdge>)[],
  what: 'nodes' | 'edges',
): void {
  const { select, ...view } = viewStore.getState()
  const next = new Set(view[what])
  let changed = false
  for (const change of changes) {
    if (change.type !== 'select') continue
    changed = true
    if (change.selected) next.add(change.id)
    else next.delete(change.id)
  }
  if (!changed) return
  if (what === 'nodes') select([...next], view.edges)
  else select(view.nodes, [...next])
}

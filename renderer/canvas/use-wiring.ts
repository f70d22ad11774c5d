/** Pulling wires: what fits is worked out once when a wire is taken up; dropping it connects, explains or asks for a node. */
import { useCallback, useMemo, useRef } from 'react'
import { useReactFlow } from '@xyflow/react'
import type { Connection, Edge, FinalConnectionState, OnConnectStart } from '@xyflow/react'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState } from './canvas-state.ts'
import type { Wiring } from './canvas-state.ts'
import { explainNode, targetsOf } from './connection-rules.ts'
import type { WireContext, WireStart } from './connection-rules.ts'
import { wireContext } from './edit-actions.ts'
import { dropWireOnEscape } from './drop-wire.ts'
import type { WireEdge } from './flow-graph.ts'
import { NODE_HEIGHT, NODE_WIDTH, snap } from './geometry.ts'
import { endpointOf } from '../../engine/host/protocol.ts'

const end = (node: string, port: string | null | undefined) => `${node}.${port ?? ''}`

export function useWiring() {
  const { screenToFlowPosition } = useReactFlow()
  const moving = useRef<string | undefined>(undefined)
  const stopListening = useRef<(() => void) | undefined>(undefined)

  const onReconnectStart = useCallback((_: unknown, edge: WireEdge) => {
    moving.current = edge.id
    canvasState.setState({ toolbar: null })
  }, [])

  const onConnectStart = useCallback<OnConnectStart>((event, { nodeId, handleId, handleType }) => {
    if (nodeId === null || handleType === null) return
    const direction = handleType === 'source' ? 'out' : 'in'
    const except = moving.current
    const start = {
      node: nodeId,
      port: handleId ?? '',
      direction,
      ...(except !== undefined && { except }),
    } as const
    canvasState.setState({ wiring: takeUp(wireContext(), start), toolbar: null })
    stopListening.current = dropWireOnEscape(event)
  }, [])

  const onConnect = useCallback(({ source, sourceHandle, target, targetHandle }: Connection) => {
    documentStore.getState().addEdge(end(source, sourceHandle), end(target, targetHandle))
  }, [])

  const onReconnect = useCallback(
    (edge: Edge, { source, sourceHandle, target, targetHandle }: Connection) => {
      const [from, to] = [end(source, sourceHandle), end(target, targetHandle)]
      if (edge.id === `${from}->${to}`) return
      documentStore.getState().reconnectEdge(edge.id, from, to)
      viewStore.getState().select([], [`${from}->${to}`])
    },
    [],
  )

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      stopListening.current?.()
      const { wiring } = canvasState.getState()
      canvasState.setState({ wiring: null })
      const moved = moving.current !== undefined
      moving.current = undefined
      if (!wiring || state.isValid) return
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point) return
      const below = document.elementFromPoint(point.clientX, point.clientY)
      const node = below?.closest<HTMLElement>('.react-flow__node')?.dataset['id']
      if (node !== undefined) {
        // Let go where it was taken up: no wire was meant.
        if (node === wiring.start.node) return
        const verdict = explainNode(wireContext(), wiring.start, node)
        if (!verdict.ok) viewStore.getState().notify(`${verdict.reason} ${verdict.fix}`, 'error')
        return
      }
      if (moved || !below?.closest('.react-flow__pane')) return
      const screen = { x: point.clientX, y: point.clientY }
      const { node: id, port, direction } = wiring.start
      const { x, y } = screenToFlowPosition(screen)
      viewStore.getState().openPicker({
        screen,
        at: [snap(direction === 'out' ? x : x - NODE_WIDTH), snap(y - NODE_HEIGHT / 2)],
        wire: { node: id, port, direction },
      })
    },
    [screenToFlowPosition],
  )

  return useMemo(
    () => ({ onConnectStart, onConnect, onConnectEnd, onReconnectStart, onReconnect, isValidConnection }),
    [onConnectStart, onConnect, onConnectEnd, onReconnectStart, onReconnect],
  )
}

/** Runs at every pointer move, so it only looks the verdict up. */
function isValidConnection({ source, sourceHandle, target, targetHandle }: Connection | Edge): boolean {
  const { wiring } = canvasState.getState()
  if (!wiring) return false
  const other = wiring.start.direction === 'out' ? end(target, targetHandle) : end(source, sourceHandle)
  return wiring.verdicts.get(other)?.ok ?? false
}

function takeUp(context: WireContext, start: WireStart): Wiring {
  const verdicts = targetsOf(context, start)
  const used = new Set(context.flow.edges.map((edge) => (start.direction === 'out' ? edge.to : edge.from)))
  const best = new Map<string, string>()
  const bestIsFree = new Set<string>()
  for (const [other, verdict] of verdicts) {
    const { node, port } = endpointOf(other)
    const free = !used.has(other)
    if (!verdict.ok || (best.has(node) && (bestIsFree.has(node) || !free))) continue
    best.set(node, port)
    if (free) bestIsFree.add(node)
  }
  return { start, verdicts, best }
}

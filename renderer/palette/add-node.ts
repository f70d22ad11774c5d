/** Adds a node where it makes sense: behind the selected one, at the end of a dropped wire, or into an edge. */
import { canvasActions } from '../canvas/canvas-actions.ts'
import { freshNode } from '../canvas/edit-actions.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../canvas/geometry.ts'
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { Flow, NodeDescriptor, PortType } from '../../engine/host/protocol.ts'
import { documentStore } from '../stores/document.ts'
import type { Position } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import type { PickerRequest } from '../stores/view.ts'
import { mainOutput, portFor } from './fit.ts'
import type { WireEnd } from './fit.ts'
import { noteUsed } from './recent.ts'

/** Between a node and the one put behind it. */
const GAP = 64

/** Adds at the middle of the canvas; behind the selected node, and wired to it, where exactly one is selected and fits. */
export function addNode(type: string): string {
  const { nodes: selected } = viewStore.getState()
  const { flow, addNode: add } = documentStore.getState()
  const { descriptors } = runStore.getState()
  const descriptor = descriptors.get(type)
  const before = selected.length === 1 ? selected[0] : undefined
  const source = before === undefined ? undefined : descriptors.get(flow.nodes[before]?.type ?? '')
  const output = source && mainOutput(source)
  const input = output && descriptor && portFor(descriptor, { direction: 'out', type: output.type })
  const connect =
    output && input ? (id: string) => ({ from: `${before}.${output.port}`, to: `${id}.${input}` }) : undefined
  const place = flow.layout[before ?? '']
  const at: Position = connect && place ? [place[0] + NODE_WIDTH + GAP, place[1]] : canvasActions.centre()
  return finish(type, add(freshNode(type), freePlace(flow, at), connect))
}

/** Adds what was picked: wired to the dropped wire or put into the edge, one undo step. */
export function addPicked(type: string, request: PickerRequest): string {
  const document = documentStore.getState()
  const descriptor = runStore.getState().descriptors.get(type)
  const { wire, splice, at } = request
  if (wire && descriptor) {
    const port = portFor(descriptor, wireEnd(document.flow, runStore.getState().descriptors, wire))
    const connect = (id: string) => {
      const [mine, theirs] = [`${id}.${port}`, `${wire.node}.${wire.port}`]
      return port === null
        ? null
        : wire.direction === 'out'
          ? { from: theirs, to: mine }
          : { from: mine, to: theirs }
    }
    return finish(type, document.addNode(freshNode(type), at, connect))
  }
  if (splice !== undefined && descriptor) {
    const into = portFor(descriptor, spliceEnd(document.flow, splice))
    const out = mainOutput(descriptor)?.port
    if (into !== null && out)
      return finish(type, document.spliceNode(splice, freshNode(type), at, { in: into, out }))
  }
  // Opened by its key it asks for the middle, and the place is ours to choose; a double-click means its own place.
  const middle = canvasActions.centre()
  const anywhere = splice === undefined && !wire && at[0] === middle[0] && at[1] === middle[1]
  return anywhere ? addNode(type) : finish(type, document.addNode(freshNode(type), at))
}

/** The type that the wire of a request carries. */
export function wireEnd(
  flow: Flow,
  descriptors: ReadonlyMap<string, NodeDescriptor>,
  wire: NonNullable<PickerRequest['wire']>,
): WireEnd {
  const ports = descriptors.get(flow.nodes[wire.node]?.type ?? '')?.ports[wire.direction]
  return { direction: wire.direction, type: ports?.[wire.port]?.type ?? 'any' }
}

/** The type of the records on an edge, as its output port tells it. */
export function spliceEnd(flow: Flow, edge: string): WireEnd {
  const found = flow.edges.find((candidate) => edgeId(candidate) === edge)
  const from = endpointOf(found?.from ?? '')
  const type: PortType =
    runStore.getState().descriptors.get(flow.nodes[from.node]?.type ?? '')?.ports.out[from.port]?.type ??
    'any'
  return { direction: 'out', type }
}

/** The nearest place below where no other node lies. */
export function freePlace(flow: Flow, [x, y]: Position): Position {
  const places = Object.values(flow.layout)
  const covered = (top: number) =>
    places.some(
      ([left, other]) => Math.abs(left - x) < NODE_WIDTH && Math.abs(other - top) < NODE_HEIGHT + 16,
    )
  let top = y
  while (covered(top)) top += NODE_HEIGHT + 32
  return [x, top]
}

function finish(type: string, id: string): string {
  noteUsed(type)
  viewStore.getState().select([id])
  // Behind the last node of a long chain it may lie out of sight.
  viewStore.setState({ reveal: { node: id, at: Date.now() } })
  return id
}

/** The document as React Flow wants it: arrays in which everything untouched keeps its identity. */
import { Position } from '@xyflow/react'
import type { Edge, Node, NodeHandle } from '@xyflow/react'
import { edgeId, endpointOf } from '../../engine/host/protocol.ts'
import type { Flow, FlowEdge, FlowNode, NodeDescriptor } from '../../engine/host/protocol.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './geometry.ts'
import { placesOf } from './places.ts'
import type { Place } from './places.ts'
import { portsNamedBy, portsOf, strayPorts } from './ports.ts'
import type { DrawnPort, NamedPorts } from './ports.ts'

export type CardData = {
  node: FlowNode
  descriptor: NodeDescriptor | undefined
  ports: readonly DrawnPort[]
  place: Place
}
export type CardNode = Node<CardData, 'card'>

export type WireData = { edge: FlowEdge; error: boolean }
export type WireEdge = Edge<WireData, 'wire'>

export interface GraphInput {
  flow: Flow
  descriptors: ReadonlyMap<string, NodeDescriptor>
  selected: ReadonlySet<string>
  /** The edge whose ends can be dragged: one at a time, as each costs two more elements. */
  loose?: ReadonlySet<string>
}

// Static size and handles let React Flow cull nodes that were never mounted.
const SIZE = { width: NODE_WIDTH, height: NODE_HEIGHT }
// The canvas is one tab stop; its keys move the focus inside.
const NOT_A_TAB_STOP = { tabIndex: -1 }

export function buildNodes(old: CardNode[], { flow, descriptors, selected }: GraphInput): CardNode[] {
  const before = new Map(old.map((node) => [node.id, node]))
  const places = placesOf(flow)
  const named = namedPorts(flow.edges)
  const next = Object.entries(flow.nodes).map(([id, node]): CardNode => {
    const descriptor = descriptors.get(node.type)
    const { ports, handles } = drawnPorts(descriptor, strayPorts(id, descriptor, named))
    const place = places[id] ?? [0, 0]
    const known = before.get(id)
    const data = known?.data
    const same = data?.node === node && data.descriptor === descriptor && data.ports === ports
    const still = same && data.place[0] === place[0] && data.place[1] === place[1]
    const isSelected = selected.has(id)
    if (known && still) return known.selected === isSelected ? known : { ...known, selected: isSelected }
    return {
      id,
      type: 'card',
      position: { x: place[0], y: place[1] },
      ...SIZE,
      measured: SIZE,
      handles,
      selected: isSelected,
      ariaLabel: `${descriptor?.title ?? node.type} ${node.title ?? id}`,
      domAttributes: NOT_A_TAB_STOP,
      data: { node, descriptor, ports, place },
    }
  })
  return sameArray(old, next) ? old : next
}

export function buildEdges(old: WireEdge[], { flow, descriptors, selected, loose }: GraphInput): WireEdge[] {
  const before = new Map(old.map((edge) => [edge.id, edge]))
  const next = flow.edges.flatMap((edge): WireEdge[] => {
    const [from, to] = [endpointOf(edge.from), endpointOf(edge.to)]
    if (!flow.nodes[from.node] || !flow.nodes[to.node]) return []
    const id = edgeId(edge)
    const error = descriptors.get(flow.nodes[from.node]?.type ?? '')?.ports.out[from.port]?.type === 'error'
    const known = before.get(id)
    const look = { selected: selected.has(id), reconnectable: loose?.has(id) ?? false }
    if (known?.data?.edge === edge && known.data.error === error) {
      return [
        known.selected === look.selected && known.reconnectable === look.reconnectable
          ? known
          : { ...known, ...look },
      ]
    }
    return [
      {
        id,
        type: 'wire',
        source: from.node,
        sourceHandle: from.port,
        target: to.node,
        targetHandle: to.port,
        ...look,
        ariaLabel: `Wire from ${edge.from} to ${edge.to}`,
        domAttributes: NOT_A_TAB_STOP,
        data: { edge, error },
      },
    ]
  })
  return sameArray(old, next) ? old : next
}

function sameArray<Value>(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

let lastNamed: { edges: readonly FlowEdge[]; named: NamedPorts } | null = null

function namedPorts(edges: readonly FlowEdge[]): NamedPorts {
  if (lastNamed?.edges !== edges) lastNamed = { edges, named: portsNamedBy(edges) }
  return lastNamed.named
}

interface Drawn {
  ports: readonly DrawnPort[]
  handles: NodeHandle[]
}

const NO_DESCRIPTOR = {}
const drawn = new WeakMap<object, Map<string, Drawn>>()

/** Cached, so that nodes of one type share their ports and stay comparable by identity. */
function drawnPorts(descriptor: NodeDescriptor | undefined, stray: string): Drawn {
  const key = descriptor ?? NO_DESCRIPTOR
  let byStray = drawn.get(key)
  if (!byStray) drawn.set(key, (byStray = new Map()))
  let found = byStray.get(stray)
  if (!found) {
    const ports = portsOf(descriptor, stray)
    const handles = ports.map((port): NodeHandle => ({
      id: port.name,
      type: port.direction === 'in' ? 'target' : 'source',
      position: port.direction === 'in' ? Position.Left : Position.Right,
      x: port.x - port.size / 2,
      y: port.y - port.size / 2,
      width: port.size,
      height: port.size,
    }))
    byStray.set(stray, (found = { ports, handles }))
  }
  return found
}

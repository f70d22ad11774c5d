/** The ports a node is drawn with: those of its descriptor, plus any that a wire names but the type does not have. */
import { endpointOf } from '../../engine/host/protocol.ts'
import type { FlowEdge, NodeDescriptor, PortSpec, PortType } from '../../engine/host/protocol.ts'
import { ERROR_PORT_SIZE, NODE_WIDTH, PORT_SIZE, portHeights } from './geometry.ts'

export type Direction = 'in' | 'out'

export interface DrawnPort {
  name: string
  direction: Direction
  type: PortType
  description: string
  error: boolean
  size: number
  /** Middle of the port, from the card's left top. */
  x: number
  y: number
}

/** Ports that wires name, by node; what keeps a wire visible while its node's type is not known. */
export type NamedPorts = ReadonlyMap<string, { in: ReadonlySet<string>; out: ReadonlySet<string> }>

export function portsNamedBy(edges: readonly FlowEdge[]): NamedPorts {
  const all = new Map<string, { in: Set<string>; out: Set<string> }>()
  const add = (end: string, direction: Direction) => {
    const { node, port } = endpointOf(end)
    let ports = all.get(node)
    if (!ports) all.set(node, (ports = { in: new Set(), out: new Set() }))
    ports[direction].add(port)
  }
  for (const edge of edges) {
    add(edge.from, 'out')
    add(edge.to, 'in')
  }
  return all
}

/** Names of ports that a wire uses and the descriptor lacks, as one comparable text; empty nearly always. */
export function strayPorts(id: string, descriptor: NodeDescriptor | undefined, named: NamedPorts): string {
  const ports = named.get(id)
  if (!ports) return ''
  const stray = (direction: Direction) =>
    [...ports[direction]]
      .filter((port) => !descriptor?.ports[direction][port])
      .map((port) => `${direction}.${port}`)
  return [...stray('in'), ...stray('out')].join(' ')
}

export function portsOf(descriptor: NodeDescriptor | undefined, stray = ''): DrawnPort[] {
  const extra = stray === '' ? [] : stray.split(' ').map(endpointOf)
  const side = (direction: Direction) => {
    const specs: [string, PortSpec][] = [
      ...Object.entries(descriptor?.ports[direction] ?? {}),
      ...extra
        .filter((end) => end.node === direction)
        .map((end): [string, PortSpec] => [
          end.port,
          { type: 'any', description: 'This node type has no such port.' },
        ]),
    ]
    const heights = portHeights(specs.map(([, spec]) => ({ error: spec.type === 'error' })))
    return specs.map(([name, spec], index): DrawnPort => {
      const error = spec.type === 'error' && direction === 'out'
      return {
        name,
        direction,
        type: spec.type,
        description: spec.description,
        error,
        size: error ? ERROR_PORT_SIZE : PORT_SIZE,
        x: direction === 'in' ? 0 : NODE_WIDTH,
        y: heights[index] ?? 0,
      }
    })
  }
  return [...side('in'), ...side('out')]
}

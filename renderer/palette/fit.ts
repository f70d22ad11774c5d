/** Which port of a node type continues a wire. */
import { fits } from '../canvas/connection-rules.ts'
import type { NodeDescriptor, PortType } from '../../engine/host/protocol.ts'

export interface WireEnd {
  /** `out`: the wire comes from an output and needs an input. */
  direction: 'out' | 'in'
  type: PortType
}

/** The first port of the type that the wire can end at; null where none fits. */
export function portFor(descriptor: NodeDescriptor, wire: WireEnd): string | null {
  const ports = Object.entries(wire.direction === 'out' ? descriptor.ports.in : descriptor.ports.out)
  const fitting = ports.filter(([, port]) =>
    wire.direction === 'out' ? fits(wire.type, port.type) : fits(port.type, wire.type),
  )
  // An error port carries what failed: only taken where nothing else is there.
  return (fitting.find(([, port]) => port.type !== 'error') ?? fitting[0])?.[0] ?? null
}

/** The output that records normally leave by, with its type; null for consumers. */
export function mainOutput(descriptor: NodeDescriptor): { port: string; type: PortType } | null {
  const found = Object.entries(descriptor.ports.out).find(([, port]) => port.type !== 'error')
  return found ? { port: found[0], type: found[1].type } : null
}

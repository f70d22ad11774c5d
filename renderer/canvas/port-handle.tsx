/** A port of a card. While a wire is in hand it is lit or dimmed, and the best one catches the whole card. */
import { memo } from 'react'
import { Handle, Position } from '@xyflow/react'
import { useCanvasState } from './canvas-state.ts'
import type { DrawnPort } from './ports.ts'

export const PortHandle = memo(function PortHandle({ node, port }: { node: string; port: DrawnPort }) {
  const wiring = useCanvasState((state) => {
    if (!state.wiring) return undefined
    const { start, verdicts, best } = state.wiring
    if (start.node === node && start.port === port.name && start.direction === port.direction) return 'start'
    if (port.direction === start.direction || !verdicts.get(`${node}.${port.name}`)?.ok) return 'dim'
    return best.get(node) === port.name ? 'best' : 'lit'
  })
  return (
    <Handle
      id={port.name}
      type={port.direction === 'in' ? 'target' : 'source'}
      position={port.direction === 'in' ? Position.Left : Position.Right}
      className="canvas-port"
      style={placeOf(port)}
      data-error={port.error || undefined}
      data-wiring={wiring}
      data-port={`${node}.${port.name}`}
      data-direction={port.direction}
      role="img"
      aria-label={`${port.direction === 'in' ? 'Input' : 'Output'} ${port.name}, ${port.type}: ${port.description}`}
    />
  )
})

/**
 * Stands for a port where cards are plain boxes: React Flow measures it to know where wires end, and unlike a Handle it
 * does not listen to every move of the camera.
 */
export function PortMark({ port }: { port: DrawnPort }) {
  const input = port.direction === 'in'
  return (
    <i
      className={`canvas-port-mark ${input ? 'target' : 'source'}`}
      data-handleid={port.name}
      data-handlepos={input ? Position.Left : Position.Right}
      style={placeOf(port)}
    />
  )
}

function placeOf({ y, size }: DrawnPort): React.CSSProperties {
  // Counted from inside the card's border.
  return { top: y - 1, width: size, height: size, '--canvas-port-y': `${y}px` } as React.CSSProperties
}

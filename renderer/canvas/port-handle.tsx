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
      style={
        {
          // Counted from inside the card's border.
          top: port.y - 1,
          width: port.size,
          height: port.size,
          '--canvas-port-y': `${port.y}px`,
        } as React.CSSProperties
      }
      data-error={port.error || undefined}
      data-wiring={wiring}
      data-port={`${node}.${port.name}`}
      data-direction={port.direction}
      role="img"
      aria-label={`${port.direction === 'in' ? 'Input' : 'Output'} ${port.name}, ${port.type}: ${port.description}`}
    />
  )
})

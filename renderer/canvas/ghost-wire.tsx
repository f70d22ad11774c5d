/** The wire that waits for a node while the picker is open. */
import { ViewportPortal, useInternalNode } from '@xyflow/react'
import { useView } from '../app/use-stores.ts'
import type { PickerRequest } from '../stores/view.ts'
import type { CardNode } from './flow-graph.ts'
import { curveBetween, curvePath, NODE_HEIGHT, NODE_WIDTH } from './geometry.ts'

export function GhostWire() {
  const picker = useView((state) => state.picker)
  return picker?.wire ? <Ghost wire={picker.wire} at={picker.at} /> : null
}

function Ghost({ wire, at }: { wire: NonNullable<PickerRequest['wire']>; at: PickerRequest['at'] }) {
  const node = useInternalNode<CardNode>(wire.node)
  const port = node?.data.ports.find(
    ({ name, direction }) => name === wire.port && direction === wire.direction,
  )
  if (!node || !port) return null
  const { x, y } = node.internals.positionAbsolute
  const fixed = { x: x + port.x, y: y + port.y }
  const free = { x: at[0] + (wire.direction === 'out' ? 0 : NODE_WIDTH), y: at[1] + NODE_HEIGHT / 2 }
  const path = curvePath(wire.direction === 'out' ? curveBetween(fixed, free) : curveBetween(free, fixed))
  return (
    <ViewportPortal>
      <svg className="canvas-ghost" aria-hidden="true">
        <path d={path} />
      </svg>
    </ViewportPortal>
  )
}

/** One edge: a curve, its fill from the start, and two numbers. Rendered when it moves; its numbers are written past React. */
import { memo, useLayoutEffect, useMemo, useRef } from 'react'
import type { EdgeProps } from '@xyflow/react'
import { useCanvasState } from './canvas-state.ts'
import { mountEdge } from './edge-registry.ts'
import { onLive, readEdge } from './edge-readings.ts'
import type { EdgeReading } from './edge-readings.ts'
import type { WireEdge } from './flow-graph.ts'
import { curveBetween, curvePath, labelPlace } from './geometry.ts'
import { useDetail } from './level-of-detail.ts'

function Wire({ id, source, sourceX, sourceY, targetX, targetY, selected, data }: EdgeProps<WireEdge>) {
  const root = useRef<SVGGElement>(null)
  const fill = useRef<SVGPathElement>(null)
  const count = useRef<SVGTextElement>(null)
  const rate = useRef<SVGTextElement>(null)
  const detail = useDetail()
  const overlay = useCanvasState((state) => state.overlay && !state.exporting)
  const splice = useCanvasState((state) => state.splice === id)
  const error = data?.error ?? false
  const labelled = detail === 'full' && !overlay

  const { path, label } = useMemo(() => {
    const curve = curveBetween({ x: sourceX, y: sourceY }, { x: targetX, y: targetY })
    return { path: curvePath(curve), label: labelPlace(curve) }
  }, [sourceX, sourceY, targetX, targetY])

  useLayoutEffect(() => mountEdge(id, { source, error, label }), [id, source, error, label])

  useLayoutEffect(() => {
    let shown: EdgeReading | null = null
    return onLive(() => {
      const reading = readEdge(id, source)
      if (shown?.flow !== reading.flow) root.current?.setAttribute('data-flow', reading.flow)
      if (shown?.full !== reading.full) root.current?.toggleAttribute('data-full', reading.full)
      // Steps of 2 %: a queue that trembles does not repaint the edge ten times a second.
      const step = Math.round(reading.fill * 50) / 50
      if (!shown || Math.round(shown.fill * 50) / 50 !== step) {
        fill.current?.setAttribute('stroke-dasharray', `${step} 2`)
        fill.current?.toggleAttribute('data-some', step > 0)
      }
      if (labelled && count.current && shown?.count !== reading.count)
        count.current.textContent = reading.count
      if (labelled && rate.current && shown?.rate !== reading.rate) rate.current.textContent = reading.rate
      shown = reading
    })
  }, [id, source, labelled])

  return (
    <g
      ref={root}
      className="canvas-wire"
      data-edge={id}
      data-error={error || undefined}
      data-selected={selected || undefined}
      data-splice={splice || undefined}
    >
      <path className="canvas-wire-hit react-flow__edge-interaction" d={path} />
      <path className="canvas-wire-line" d={path} />
      <path ref={fill} className="canvas-wire-fill" d={path} pathLength={1} strokeDasharray="0 2" />
      {labelled && (
        <g
          className="canvas-wire-label"
          textAnchor={label.align}
          transform={`translate(${label.x},${label.y})`}
        >
          <text ref={count} className="canvas-wire-count" data-testid="edge-count" y={label.first} />
          <text ref={rate} className="canvas-wire-rate" y={label.second} />
        </g>
      )}
    </g>
  )
}

export const WireComponent = memo(Wire)

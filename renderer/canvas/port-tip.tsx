/** The tooltip of a port: its name, its type, and what runs through it. One for the whole canvas. */
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { useReactFlow } from '@xyflow/react'
import type { CardNode, WireEdge } from './flow-graph.ts'
import type { DrawnPort } from './ports.ts'

const AFTER_MS = 500

interface Tip {
  port: DrawnPort
  x: number
  y: number
}

export function PortTip({ root }: { root: RefObject<HTMLElement | null> }) {
  const [tip, setTip] = useState<Tip | null>(null)
  const { getNode } = useReactFlow<CardNode, WireEdge>()
  useEffect(() => {
    const element = root.current
    let timer: ReturnType<typeof setTimeout> | undefined
    const hide = () => {
      clearTimeout(timer)
      setTip(null)
    }
    const over = (event: PointerEvent) => {
      hide()
      const handle = (event.target as Element).closest<HTMLElement>('.canvas-port')
      if (!handle || event.buttons !== 0) return
      const { handleid: name, direction, nodeid } = handle.dataset
      const port = getNode(nodeid ?? '')?.data.ports.find(
        (one) => one.name === name && one.direction === direction,
      )
      if (!port) return
      timer = setTimeout(() => {
        const { left, top, width, height } = handle.getBoundingClientRect()
        setTip({ port, x: left + width / 2, y: top + height })
      }, AFTER_MS)
    }
    element?.addEventListener('pointerover', over)
    element?.addEventListener('pointerdown', hide)
    element?.addEventListener('pointerleave', hide)
    element?.addEventListener('wheel', hide, { passive: true })
    return () => {
      clearTimeout(timer)
      element?.removeEventListener('pointerover', over)
      element?.removeEventListener('pointerdown', hide)
      element?.removeEventListener('pointerleave', hide)
      element?.removeEventListener('wheel', hide)
    }
  }, [root, getNode])
  if (!tip) return null
  const { port, x, y } = tip
  return (
    <div className="canvas-tip" role="tooltip" style={{ left: x, top: y + 8 }}>
      <span className="canvas-tip-name">
        {port.name} <span>{port.type}</span>
      </span>
      <span>{port.description}</span>
    </div>
  )
}

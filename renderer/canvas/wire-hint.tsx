/** While a wire is in hand and the pointer is over a node that cannot take it: why, in one line at the pointer. */
import { useEffect, useRef } from 'react'
import { useCanvasState } from './canvas-state.ts'
import type { Wiring } from './canvas-state.ts'
import { explainNode } from './connection-rules.ts'
import { wireContext } from './edit-actions.ts'

/** The hint's largest width, with its distance from the pointer. */
const ROOM = 340

export function WireHint() {
  const wiring = useCanvasState((state) => state.wiring)
  return wiring ? <Hint wiring={wiring} /> : null
}

function Hint({ wiring }: { wiring: Wiring }) {
  const hint = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let over: string | undefined
    const follow = (event: PointerEvent | MouseEvent) => {
      const element = hint.current
      if (!element) return
      const below = document.elementFromPoint(event.clientX, event.clientY)
      const node = below?.closest<HTMLElement>('.react-flow__node')?.dataset['id']
      if (node !== over) {
        over = node
        const verdict =
          node === undefined || node === wiring.start.node
            ? null
            : explainNode(wireContext(), wiring.start, node)
        element.textContent = verdict && !verdict.ok ? `${verdict.reason} ${verdict.fix}` : ''
        element.hidden = element.textContent === ''
      }
      // Near the right or lower border it stands on the other side of the pointer.
      const left = event.clientX + ROOM > innerWidth ? 'calc(-100% - 14px)' : '14px'
      const top = event.clientY + ROOM / 4 > innerHeight ? 'calc(-100% - 10px)' : '18px'
      element.style.transform = `translate(${event.clientX}px, ${event.clientY}px) translate(${left}, ${top})`
    }
    document.addEventListener('mousemove', follow)
    return () => document.removeEventListener('mousemove', follow)
  }, [wiring])
  return <div ref={hint} className="canvas-hint" role="status" hidden />
}

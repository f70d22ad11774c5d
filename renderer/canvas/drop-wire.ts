/** Escape while a wire is in hand: it is dropped and nothing comes of it. */
import { canvasState } from './canvas-state.ts'

/**
 * Listens until the wire is let go. React Flow has no way to give a wire up, but it lets go of one that fits nowhere:
 * with `wiring` gone no target is valid, and the pointer is taken to be released where it is.
 */
export function dropWireOnEscape(start: MouseEvent | TouchEvent): () => void {
  const place = (event: MouseEvent | Touch) => ({ clientX: event.clientX, clientY: event.clientY })
  const touch = 'touches' in start
  let pointer = place(touch ? start.touches[0]! : start)
  const onMove = (event: MouseEvent) => (pointer = place(event))
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopImmediatePropagation()
    canvasState.setState({ wiring: null })
    for (const type of ['mousemove', 'mouseup']) {
      document.dispatchEvent(new MouseEvent(type, { ...pointer, bubbles: true }))
    }
  }
  if (touch) return () => {}
  addEventListener('mousemove', onMove, true)
  addEventListener('keydown', onKey, true)
  return () => {
    removeEventListener('mousemove', onMove, true)
    removeEventListener('keydown', onKey, true)
  }
}

/** Ctrl+C while the grid has the focus copies records, not the canvas's nodes behind it. */
import { useEffect } from 'react'
import type { RefObject } from 'react'

export function useGridCopy(grid: RefObject<HTMLElement | null>, copy: () => void): void {
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      const selected = window.getSelection()
      if (!grid.current?.contains(document.activeElement) || (selected && !selected.isCollapsed)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      copy()
    }
    // In the capture phase: browsers send `copy` to the caret, which may be anywhere.
    window.addEventListener('copy', onCopy, true)
    return () => window.removeEventListener('copy', onCopy, true)
  }, [grid, copy])
}

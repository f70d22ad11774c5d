/** Copy, cut and paste through the system's clipboard while the canvas has the focus, by DOM events, as menus send them too. */
import { useEffect } from 'react'
import type { RefObject } from 'react'
import { useReactFlow } from '@xyflow/react'
import { viewStore } from '../stores/view.ts'
import { fragmentText, readFragment } from './clipboard-fragment.ts'
import { COPY_OFFSET, insertFragment, removeSelection, selectedFragment } from './edit-actions.ts'
import { GRID } from './geometry.ts'
import type { Point } from './geometry.ts'
import { boundsOf } from './places.ts'

export function useClipboard(root: RefObject<HTMLElement | null>): void {
  const { screenToFlowPosition } = useReactFlow()
  useEffect(() => {
    /** Where the pointer is over the canvas; null outside. */
    let pointer: Point | null = null
    /** The text pasted last, where, and how often: the next one goes a step further, not on top. */
    let last: { text: string; pointer: Point | null; times: number } | null = null

    const mine = () => {
      const { activeElement } = document
      return (
        activeElement !== null && (root.current?.contains(activeElement) ?? false) && !isField(activeElement)
      )
    }
    const copy = (event: ClipboardEvent) => {
      if (!mine()) return
      const fragment = selectedFragment()
      if (!fragment) return
      const text = fragmentText(fragment)
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      // A copy that is pasted without moving the pointer lies beside the original.
      last = { text, pointer, times: 0 }
      if (event.type === 'cut') {
        last = null
        removeSelection(false)
      }
    }
    const paste = (event: ClipboardEvent) => {
      if (!mine()) return
      event.preventDefault()
      const text = event.clipboardData?.getData('text/plain') ?? ''
      const result = readFragment(text)
      if (!result.ok) {
        viewStore.getState().notify(result.message, 'error')
        return
      }
      const { fragment } = result
      const bounds = boundsOf(Object.values(fragment.layout))
      const again = last?.text === text && samePoint(last.pointer, pointer)
      const times = again && last ? last.times + 1 : 0
      last = { text, pointer, times }
      if (again && visible(bounds)) {
        insertFragment(fragment, [COPY_OFFSET * times, COPY_OFFSET * times])
        return
      }
      const area = root.current?.getBoundingClientRect()
      const target =
        pointer ?? (area ? { x: area.x + area.width / 2, y: area.y + area.height / 2 } : { x: 0, y: 0 })
      const { x, y } = screenToFlowPosition(target)
      const step = COPY_OFFSET * times
      insertFragment(fragment, [
        toGrid(x - bounds.x - bounds.width / 2) + step,
        toGrid(y - bounds.y - bounds.height / 2) + step,
      ])
    }
    const visible = ({ x, y, width, height }: ReturnType<typeof boundsOf>) => {
      const area = root.current?.getBoundingClientRect()
      if (!area) return false
      const from = screenToFlowPosition({ x: area.left, y: area.top })
      const to = screenToFlowPosition({ x: area.right, y: area.bottom })
      return x + width > from.x && y + height > from.y && x < to.x && y < to.y
    }
    const follow = (event: PointerEvent) => {
      pointer = { x: event.clientX, y: event.clientY }
    }
    const forget = () => {
      pointer = null
    }
    const element = root.current
    element?.addEventListener('pointermove', follow)
    element?.addEventListener('pointerleave', forget)
    document.addEventListener('copy', copy)
    document.addEventListener('cut', copy)
    document.addEventListener('paste', paste)
    return () => {
      element?.removeEventListener('pointermove', follow)
      element?.removeEventListener('pointerleave', forget)
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', copy)
      document.removeEventListener('paste', paste)
    }
  }, [root, screenToFlowPosition])
}

function isField(element: Element): boolean {
  return element.matches('input, textarea, select, [contenteditable="true"]')
}

function samePoint(a: Point | null, b: Point | null): boolean {
  return a?.x === b?.x && a?.y === b?.y
}

/** Moves in whole grid steps keep copies on the grid that their originals are on. */
function toGrid(value: number): number {
  return Math.round(value / GRID) * GRID
}

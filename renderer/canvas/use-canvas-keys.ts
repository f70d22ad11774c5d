/** Keys while the canvas has the focus. Camera and picker keys are commands of the studio; these edit and walk. */
import { useEffect } from 'react'
import type { RefObject } from 'react'
import { documentStore } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { canvasState } from './canvas-state.ts'
import {
  connectSelection,
  duplicateSelection,
  nudgeSelection,
  removeSelection,
  selectAll,
} from './edit-actions.ts'
import { GRID } from './geometry.ts'
import { placesOf } from './places.ts'
import { firstNode, neighbour, wireBeside } from './walk.ts'
import type { Way } from './walk.ts'

const WAYS: Record<string, Way> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const STEPS: Record<Way, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}

/** `show` moves the camera to a node if it is out of sight, and the focus to it. */
export function useCanvasKeys(root: RefObject<HTMLElement | null>, show: (node: string) => void): void {
  useEffect(() => {
    const element = root.current
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.target as Element).closest('button, input, textarea')) return
      const action = actionOf(event, show)
      if (!action) return
      event.preventDefault()
      event.stopPropagation()
      action()
      // What had the focus may be gone now: a card that was deleted.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) element?.focus({ preventScroll: true })
      })
    }
    // A click leaves the focus on the canvas: a card that is panned out of sight would take it along.
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || !target.matches('.react-flow__node, .react-flow__edge')) return
      if (!target.matches(':focus-visible')) element?.focus({ preventScroll: true })
    }
    // The frame shows where Tab has arrived; while one works on the canvas it would only be in the way.
    const onKeyUp = ({ key }: KeyboardEvent) => {
      element?.toggleAttribute('data-arrived', key === 'Tab' && document.activeElement === element)
    }
    const leave = () => element?.removeAttribute('data-arrived')
    element?.addEventListener('keydown', onKeyDown)
    element?.addEventListener('keyup', onKeyUp)
    element?.addEventListener('focusin', onFocus)
    element?.addEventListener('focusout', leave)
    element?.addEventListener('pointerdown', leave)
    return () => {
      element?.removeEventListener('keyup', onKeyUp)
      element?.removeEventListener('focusout', leave)
      element?.removeEventListener('pointerdown', leave)
      element?.removeEventListener('keydown', onKeyDown)
      element?.removeEventListener('focusin', onFocus)
    }
  }, [root, show])
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What a key means now; null leaves it to the rest of the studio. */
function actionOf(press: Press, show: (node: string) => void): (() => void) | null {
  const { nodes, edges, select } = viewStore.getState()
  const mod = press.ctrlKey || press.metaKey
  const some = nodes.length + edges.length > 0
  const way = WAYS[press.key]
  if (way && !mod) {
    if (press.altKey) return () => walk(way, { wire: press.shiftKey, show })
    if (nodes.length === 0) return () => walk(way, { wire: false, show })
    const [dx, dy] = STEPS[way]
    const step = press.shiftKey ? 4 * GRID : GRID
    return () => nudgeSelection(dx * step, dy * step)
  }
  if (press.key === 'Delete' || press.key === 'Backspace') return some ? () => removeSelection(!mod) : null
  if (mod && !press.altKey && !press.shiftKey) {
    const key = press.key.toLowerCase()
    if (key === 'a') return selectAll
    if (key === 'd') return duplicateSelection
    if (key === 'l') return connectSelection
    return null
  }
  if (press.key === 'Escape') {
    if (canvasState.getState().toolbar) return () => canvasState.setState({ toolbar: null })
    return some ? () => select([]) : null
  }
  if (press.key === 'Enter' && some && !press.shiftKey) return enter
  return null
}

/** Enter opens what is selected: a node's settings, a wire's records. */
function enter(): void {
  const { nodes, edges, setInspect, togglePanel } = viewStore.getState()
  const [id] = nodes
  if (id === undefined) {
    if (edges[0] !== undefined) setInspect({ kind: 'edge', id: edges[0] })
    togglePanel('dock', true)
    return
  }
  togglePanel('inspector', true)
  const type = documentStore.getState().flow.nodes[id]?.type ?? ''
  const field = Object.keys(runStore.getState().descriptors.get(type)?.config.properties ?? {})[0]
  if (field !== undefined) viewStore.setState({ nodes: [id], edges: [], focusField: { node: id, field } })
}

interface Walk {
  /** Select the wire on this side instead of the node behind it. */
  wire: boolean
  show: (node: string) => void
}

function walk(way: Way, { wire, show }: Walk): void {
  const { flow } = documentStore.getState()
  const { nodes, edges, select, setInspect } = viewStore.getState()
  const places = placesOf(flow)
  const from = nodes.at(-1)
  if (from === undefined) {
    // From a wire the walk goes on to its ends.
    const [id] = edges
    const [source = '', target = ''] = id?.split('->').map((end) => end.split('.')[0] ?? '') ?? []
    const next = id === undefined ? firstNode(flow, places) : way === 'left' || way === 'up' ? source : target
    if (next !== null) go(next)
    return
  }
  if (wire && (way === 'left' || way === 'right')) {
    const id = wireBeside(flow, { from, way })
    if (id === null) return
    select([], [id])
    setInspect({ kind: 'edge', id })
    return
  }
  const next = neighbour(flow, places, { from, way })
  if (next !== null) go(next)

  function go(node: string) {
    select([node])
    show(node)
  }
}

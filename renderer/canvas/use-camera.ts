/** The camera: fits a document when it is opened, goes to nodes that are asked for, and answers the studio's commands. */
import { useCallback, useEffect } from 'react'
import type { RefObject } from 'react'
import { useReactFlow } from '@xyflow/react'
import type { Viewport } from '@xyflow/react'
import type { Flow } from '../../engine/host/protocol.ts'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { registerCanvas } from './canvas-actions.ts'
import { tidySelection } from './edit-actions.ts'
import { exportPng } from './export-png.ts'
import { NODE_HEIGHT, NODE_WIDTH, snap } from './geometry.ts'
import { glideMs } from './motion.ts'
import { placesOf } from './places.ts'

/** Few nodes are not blown up; at the sides is room for wires that go around, above and below for the chips. */
const FIT = { padding: { x: '32px', top: '52px', bottom: '52px' }, maxZoom: 1 } as const
/** A node that was asked for is shown at least this large. */
const READABLE = 0.75
/** Room around a node that counts as in sight. */
const MARGIN = 24

export function useCamera(root: RefObject<HTMLElement | null>): { show: (node: string) => void } {
  const flow = useReactFlow()

  /** Moves only as far as must be: not at all where the node is in sight. */
  const reveal = useCallback(
    (id: string) => {
      const place = placesOf(documentStore.getState().flow)[id]
      const area = root.current?.getBoundingClientRect()
      if (!place || !area) return
      const from = flow.flowToScreenPosition({ x: place[0], y: place[1] })
      const to = flow.flowToScreenPosition({ x: place[0] + NODE_WIDTH, y: place[1] + NODE_HEIGHT })
      const inside =
        from.x > area.left + MARGIN &&
        from.y > area.top + MARGIN &&
        to.x < area.right - MARGIN &&
        to.y < area.bottom - MARGIN
      const zoom = flow.getZoom()
      if (inside && zoom >= READABLE / 2) return
      void flow.setCenter(place[0] + NODE_WIDTH / 2, place[1] + NODE_HEIGHT / 2, {
        zoom: Math.max(zoom, READABLE),
        duration: glideMs(),
      })
    },
    [flow, root],
  )

  const show = useCallback(
    (id: string) => {
      reveal(id)
      // A node that was out of sight is mounted in the next frame.
      requestAnimationFrame(() => {
        const card = root.current?.querySelector<HTMLElement>(
          `.react-flow__node[data-id="${CSS.escape(id)}"]`,
        )
        card?.focus({ preventScroll: true })
      })
    },
    [reveal, root],
  )

  useEffect(() => {
    /** What was fitted, and how the camera stood then. */
    let fitted: { flow: Flow; viewport: Viewport } | null = null
    const fit = async () => {
      // With nothing to fit, React Flow would wait for the first node, and take it from where somebody has just put it.
      const { flow: shown } = documentStore.getState()
      if (Object.keys(shown.nodes).length === 0) return
      await flow.fitView(FIT)
      fitted = { flow: shown, viewport: flow.getViewport() }
    }
    const fitSoon = () => requestAnimationFrame(() => void fit())
    fitSoon()
    // A flow that is shown whole stays whole when panels open and windows shrink, until somebody moves it or works on it.
    const resize = new ResizeObserver(() => {
      if (!fitted || fitted.flow.nodes !== documentStore.getState().flow.nodes) return
      if (
        fitted.flow.layout === documentStore.getState().flow.layout &&
        sameView(fitted.viewport, flow.getViewport())
      )
        fitSoon()
    })
    if (root.current) resize.observe(root.current)
    const stopDocument = documentStore.subscribe((state, old) => {
      // Only `load` changes both at once; a save changes the second alone.
      if (state.flow !== old.flow && state.savedFlow !== old.savedFlow) fitSoon()
    })
    const stopView = viewStore.subscribe((state, old) => {
      if (state.reveal && state.reveal !== old.reveal) reveal(state.reveal.node)
    })
    return () => {
      resize.disconnect()
      stopDocument()
      stopView()
    }
  }, [flow, reveal, root])

  useEffect(() => {
    const middle = () => {
      const area = root.current?.getBoundingClientRect()
      return area ? { x: area.x + area.width / 2, y: area.y + area.height / 2 } : { x: 0, y: 0 }
    }
    const glide = () => ({ duration: glideMs() })
    return registerCanvas({
      fit: () => void flow.fitView({ ...FIT, ...glide() }),
      zoomIn: () => void flow.zoomIn(glide()),
      zoomOut: () => void flow.zoomOut(glide()),
      zoom100: () => void flow.zoomTo(1, glide()),
      fitSelection() {
        const nodes = viewStore.getState().nodes.map((id) => ({ id }))
        if (nodes.length > 0) void flow.fitView({ ...FIT, ...glide(), nodes })
      },
      centre() {
        const { x, y } = flow.screenToFlowPosition(middle())
        return [snap(x - NODE_WIDTH / 2), snap(y - NODE_HEIGHT / 2)]
      },
      screenCentre: middle,
      exportPng: () =>
        root.current ? exportPng(root.current) : Promise.reject(new Error('The canvas is not there yet.')),
      tidy() {
        tidySelection()
      },
      focus: () => root.current?.focus({ preventScroll: true }),
    })
  }, [flow, root])

  return { show }
}

function sameView(a: Viewport, b: Viewport): boolean {
  return a.x === b.x && a.y === b.y && a.zoom === b.zoom
}

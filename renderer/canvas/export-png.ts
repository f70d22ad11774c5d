/** A picture of the whole flow: everything is rendered for a moment, then drawn at its own size, not the window's. */
import { toBlob } from 'html-to-image'
import { documentStore } from '../stores/document.ts'
import { canvasState } from './canvas-state.ts'
import { boundsOf, placesOf } from './places.ts'

const MARGIN = 48
/** Browsers refuse larger canvases. */
const LONGEST_SIDE = 8192

export async function exportPng(root: HTMLElement): Promise<Uint8Array> {
  const viewport = root.querySelector<HTMLElement>('.react-flow__viewport')
  const places = Object.values(placesOf(documentStore.getState().flow))
  if (!viewport || places.length === 0)
    throw new Error('The flow is empty: there is nothing to draw. Add a node first.')
  const bounds = boundsOf(places)
  const [width, height] = [bounds.width + 2 * MARGIN, bounds.height + 2 * MARGIN]
  canvasState.setState({ exporting: true, toolbar: null })
  root.toggleAttribute('data-exporting', true)
  try {
    await twoFrames()
    const blob = await toBlob(viewport, {
      width,
      height,
      pixelRatio: Math.min(2, LONGEST_SIDE / Math.max(width, height)),
      backgroundColor: getComputedStyle(root).backgroundColor,
      style: {
        width: `${width}px`,
        height: `${height}px`,
        transform: `translate(${MARGIN - bounds.x}px, ${MARGIN - bounds.y}px) scale(1)`,
      },
    })
    if (!blob) throw new Error('The picture is too large to be made. Select fewer nodes or export JSON.')
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    root.toggleAttribute('data-exporting', false)
    canvasState.setState({ exporting: false })
  }
}

/** React has rendered after the first, the browser has laid out after the second. */
function twoFrames(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}

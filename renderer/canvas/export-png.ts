/** A picture of the whole flow: everything is rendered for a moment, then drawn at its own size, not the window's. */
import { documentStore } from '../stores/document.ts'
import { canvasState } from './canvas-state.ts'
import { boundsOf, placesOf } from './places.ts'
import { pictureStyles } from './picture-styles.ts'

const MARGIN = 48
/** Browsers refuse larger canvases. */
const LONGEST_SIDE = 8192

interface Frame {
  width: number
  height: number
  /** What moves the flow's top left corner to the picture's. */
  transform: string
}

/** @throws an error for people, where there is nothing to draw or the browser refuses the size */
export async function exportPng(root: HTMLElement): Promise<Uint8Array> {
  const places = Object.values(placesOf(documentStore.getState().flow))
  if (places.length === 0) throw new Error('The flow is empty: there is nothing to draw. Add a node first.')
  const bounds = boundsOf(places)
  const frame = {
    width: bounds.width + 2 * MARGIN,
    height: bounds.height + 2 * MARGIN,
    transform: `translate(${MARGIN - bounds.x}px, ${MARGIN - bounds.y}px)`,
  }
  canvasState.setState({ exporting: true, toolbar: null })
  let picture: string
  try {
    await twoFrames()
    picture = await svgOf(root, frame)
  } finally {
    canvasState.setState({ exporting: false })
  }
  return rasterOf(picture, frame, getComputedStyle(root).backgroundColor)
}

/** The canvas's own elements and rules, in an SVG of their own. */
async function svgOf(root: HTMLElement, { width, height, transform }: Frame): Promise<string> {
  const viewport = root.querySelector('.react-flow__viewport')?.cloneNode(true) as HTMLElement | undefined
  if (!viewport) throw new Error('The canvas is not there yet. Try again in a moment.')
  viewport.style.transform = transform
  for (const layer of viewport.querySelectorAll<HTMLElement>('.react-flow__edges'))
    layer.removeAttribute('style')
  const flow = document.createElement('div')
  flow.className = 'react-flow'
  flow.append(viewport)
  const canvas = document.createElement('div')
  canvas.className = 'canvas'
  canvas.toggleAttribute('data-exporting', true)
  const style = document.createElement('style')
  style.textContent = await pictureStyles(viewport.textContent ?? '')
  const signs = root.querySelector('.canvas-signs')?.cloneNode(true)
  canvas.append(style, ...(signs ? [signs] : []), flow)
  const theme = document.documentElement.dataset['theme'] ?? 'light'
  const content = new XMLSerializer().serializeToString(canvas)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" data-theme="${theme}">` +
    `<foreignObject width="100%" height="100%">${content}</foreignObject></svg>`
  )
}

async function rasterOf(picture: string, { width, height }: Frame, background: string): Promise<Uint8Array> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`
  await image.decode()
  const density = Math.min(2, LONGEST_SIDE / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * density)
  canvas.height = Math.round(height * density)
  const context = canvas.getContext('2d')
  if (context) {
    context.fillStyle = background
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob)
    throw new Error('The picture is too large to be made. Export the flow as JSON, or tidy it first.')
  return new Uint8Array(await blob.arrayBuffer())
}

/** React has rendered after the first, the browser has laid out after the second. */
function twoFrames(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}

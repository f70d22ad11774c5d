/** All labels on one canvas element, for views with hundreds of visible edges; drawn per frame and per camera move. */
import { useEffect, useRef } from 'react'
import { useStoreApi } from '@xyflow/react'
import { onThemeChange } from '../app/theme.ts'
import { useCanvasState } from './canvas-state.ts'
import { onLive, readEdge } from './edge-readings.ts'
import { mountedEdges } from './edge-registry.ts'
import { labelGrowth } from './geometry.ts'
import { useDetail } from './level-of-detail.ts'

export function LabelOverlay() {
  const wanted = useCanvasState((state) => state.overlay && !state.exporting)
  const detail = useDetail()
  return wanted && detail === 'full' ? <Labels /> : null
}

function Labels() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const store = useStoreApi()
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    let frame = 0
    const schedule = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        const { transform, width, height } = store.getState()
        draw(element, { transform, width, height })
      })
    }
    const stopLive = onLive(schedule)
    const stopTheme = onThemeChange(schedule)
    const stopCamera = store.subscribe((state, old) => {
      if (state.transform !== old.transform || state.width !== old.width || state.nodes !== old.nodes)
        schedule()
    })
    return () => {
      stopLive()
      stopTheme()
      stopCamera()
      cancelAnimationFrame(frame)
    }
  }, [store])
  // Screen readers get the numbers from the cards and the dock.
  return <canvas ref={canvas} className="canvas-overlay" aria-hidden="true" />
}

interface Camera {
  transform: readonly [number, number, number]
  width: number
  height: number
}

function draw(element: HTMLCanvasElement, { transform: [left, top, zoom], width, height }: Camera): void {
  const density = devicePixelRatio
  const [pixelsX, pixelsY] = [Math.round(width * density), Math.round(height * density)]
  if (element.width !== pixelsX || element.height !== pixelsY) {
    element.width = pixelsX
    element.height = pixelsY
  }
  const context = element.getContext('2d')
  if (!context) return
  const style = getComputedStyle(element)
  const [ink, quiet, halo, failed] = ['--ink', '--ink-2', '--canvas', '--failed'].map((name) =>
    style.getPropertyValue(name),
  )
  const font = style.getPropertyValue('--font-mono')
  context.setTransform(density, 0, 0, density, 0, 0)
  context.clearRect(0, 0, width, height)
  context.lineJoin = 'round'
  context.lineWidth = 4 * zoom
  const growth = labelGrowth(zoom)
  const size = zoom * growth
  context.strokeStyle = halo ?? ''
  for (const [id, { source, error, label }] of mountedEdges) {
    const [x, y] = [label.x * zoom + left, label.y * zoom + top]
    if (x < -80 || y < -40 || x > width + 80 || y > height + 40) continue
    const { count, rate, flow } = readEdge(id, source)
    const write = (text: string, baseline: number, look: { colour: string; font: string }) => {
      if (text === '') return
      context.font = look.font
      context.strokeText(text, x, y + baseline * zoom)
      context.fillStyle = look.colour
      context.fillText(text, x, y + baseline * zoom)
    }
    const main = flow === 'moving' ? ink : quiet
    context.textAlign = label.align === 'middle' ? 'center' : label.align
    write(count, label.first - 11 * (growth - 1), {
      colour: (error ? failed : main) ?? '',
      font: `600 ${11 * size}px ${font}`,
    })
    write(rate, label.second, { colour: quiet ?? '', font: `${10 * size}px ${font}` })
  }
}

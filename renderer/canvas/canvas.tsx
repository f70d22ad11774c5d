/** The canvas of the studio: the flow, live, and everything that floats over it. */
import '@xyflow/react/dist/base.css'
import '../styles/canvas.css'
import '../styles/canvas-cards.css'
import '../styles/canvas-wires.css'
import '../styles/canvas-floating.css'
import { useRef } from 'react'
import { ReactFlowProvider } from '@xyflow/react'
import { useDocument } from '../app/use-stores.ts'
import { useCanvasState } from './canvas-state.ts'
import { Chips, RunChip } from './chips.tsx'
import { EmptyCanvas } from './empty-canvas.tsx'
import { FlowSurface } from './flow-surface.tsx'
import { LabelOverlay } from './label-overlay.tsx'
import { PortTip } from './port-tip.tsx'
import { StateSigns } from './state-signs.tsx'
import { useCamera } from './use-camera.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'
import { useClipboard } from './use-clipboard.ts'
import { useDrop } from './use-drop.ts'
import { WireHint } from './wire-hint.tsx'

/** Reads the stores; takes nothing from its parent. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Frame />
    </ReactFlowProvider>
  )
}

function Frame() {
  const root = useRef<HTMLDivElement>(null)
  const { show } = useCamera(root)
  const drop = useDrop()
  useCanvasKeys(root, show)
  useClipboard(root)
  const wiring = useCanvasState((state) => state.wiring !== null)
  const nodes = useDocument((state) => Object.keys(state.flow.nodes).length)
  return (
    <div
      ref={root}
      className="canvas"
      data-wiring={wiring || undefined}
      role="application"
      aria-label={`Flow, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}. Arrows with Alt walk along the wires, N adds a node.`}
      tabIndex={0}
      {...drop}
    >
      <StateSigns />
      <FlowSurface />
      <LabelOverlay />
      <EmptyCanvas />
      <RunChip />
      <Chips />
      <WireHint />
      <PortTip root={root} />
      <DropVeil />
    </div>
  )
}

function DropVeil() {
  const files = useCanvasState((state) => state.dropping === 'files')
  return files ? <div className="canvas-veil">Drop to read the file here</div> : null
}

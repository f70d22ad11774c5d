/** The panels around the canvas. Each can be folded away; widths are remembered per set of open panels. */
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { Canvas } from '../canvas/canvas.tsx'
import { Dock } from '../dock/dock.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { Palette } from '../palette/palette.tsx'
import { useView } from './use-stores.ts'

/** In px. A window as low as this leaves the canvas little beside a dock that is mostly empty. */
const LOW_WINDOW = 720

export function Panels() {
  const dock = useView((state) => state.panels.dock)
  const layout = useDefaultLayout({ id: 'weir.rows', panelIds: dock ? ['top', 'dock'] : ['top'] })
  return (
    <Group className="panels" orientation="vertical" {...layoutProps(layout)}>
      <Panel id="top" minSize={200}>
        <Columns />
      </Panel>
      {dock && <Divider label="Height of the records" />}
      {dock && (
        <Panel
          id="dock"
          defaultSize={window.innerHeight < LOW_WINDOW ? 112 : 208}
          minSize={96}
          groupResizeBehavior="preserve-pixel-size"
        >
          <section className="panel" aria-label="Records, problems and log">
            <Dock />
          </section>
        </Panel>
      )}
    </Group>
  )
}

function Columns() {
  const palette = useView((state) => state.panels.palette)
  const inspector = useView((state) => state.panels.inspector)
  const panelIds = [palette && 'palette', 'canvas', inspector && 'inspector'].filter((id) => id !== false)
  const layout = useDefaultLayout({ id: 'weir.columns', panelIds })
  return (
    <Group orientation="horizontal" {...layoutProps(layout)}>
      {palette && (
        <Panel
          id="palette"
          defaultSize={196}
          minSize={148}
          maxSize={320}
          groupResizeBehavior="preserve-pixel-size"
        >
          <nav className="panel" aria-label="Nodes">
            <Palette />
          </nav>
        </Panel>
      )}
      {palette && <Divider label="Width of the nodes" />}
      <Panel id="canvas" minSize={320}>
        <main className="panel-canvas" aria-label="Canvas">
          <Canvas />
        </main>
      </Panel>
      {inspector && <Divider label="Width of the settings" />}
      {inspector && (
        <Panel
          id="inspector"
          defaultSize={288}
          minSize={232}
          maxSize={640}
          groupResizeBehavior="preserve-pixel-size"
        >
          <aside className="panel" aria-label="Settings">
            <Inspector />
          </aside>
        </Panel>
      )}
    </Group>
  )
}

function Divider({ label }: { label: string }) {
  return <Separator className="divider" aria-label={label} />
}

/** Of what the hook returns, the two that are not deprecated. */
function layoutProps({ defaultLayout, onLayoutChanged }: ReturnType<typeof useDefaultLayout>) {
  return { defaultLayout, onLayoutChanged }
}

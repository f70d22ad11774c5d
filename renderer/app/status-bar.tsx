/** The quiet line at the bottom: engine, size of the flow, file version, and which panels are open. */
import { PanelBottom, PanelLeft, PanelRight } from 'lucide-react'
import type { EngineStatus } from '../shell/shell.ts'
import { viewStore } from '../stores/view.ts'
import type { ViewState } from '../stores/view.ts'
import { count } from './numbers.ts'
import { planText, planTitle } from './plan-words.ts'
import { useDocument, useRun, useView } from './use-stores.ts'

const ENGINE: Record<EngineStatus['state'], string> = {
  connecting: 'engine starting',
  ready: 'engine ready',
  crashed: 'engine restarting',
  gone: 'engine stopped',
}

const PANELS = [
  ['palette', 'Nodes', PanelLeft],
  ['dock', 'Records', PanelBottom],
  ['inspector', 'Settings', PanelRight],
] as const

export function StatusBar() {
  const engine = useRun((state) => state.engine.state)
  const plan = useRun((state) => state.run?.plan)
  const nodes = useDocument((state) => Object.keys(state.flow.nodes).length)
  const edges = useDocument((state) => state.flow.edges.length)
  const version = useDocument((state) => state.flow.weir)
  return (
    <footer className="status-bar">
      <span className={engine === 'ready' || engine === 'connecting' ? undefined : 'trouble'}>
        {ENGINE[engine]}
      </span>
      {plan && plan.stages.length > 0 && <span title={planTitle(plan)}>{planText(plan)}</span>}
      <span className="spring" />
      <span>
        {count(nodes, 'node')} · {count(edges, 'edge')}
      </span>
      <span>weir {version}</span>
      <span className="status-panels">
        {PANELS.map(([panel, label, Icon]) => (
          <PanelToggle key={panel} panel={panel} label={label}>
            <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
          </PanelToggle>
        ))}
      </span>
    </footer>
  )
}

function PanelToggle(props: { panel: keyof ViewState['panels']; label: string; children: React.ReactNode }) {
  const open = useView((state) => state.panels[props.panel])
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={open}
      aria-label={`${props.label} panel`}
      title={`${open ? 'Hide' : 'Show'} ${props.label.toLowerCase()}`}
      onClick={() => viewStore.getState().togglePanel(props.panel)}
    >
      {props.children}
    </button>
  )
}

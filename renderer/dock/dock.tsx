/** The panel below the canvas: records, problems and log. */
import { ChevronDown, ChevronUp } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import type { DockTab } from '../stores/view.ts'
import '../styles/dock.css'
import '../styles/dock-grid.css'
import '../styles/dock-lists.css'
import { followTables } from './follow.ts'
import { LogPanel } from './log-panel.tsx'
import { problemCount, problemRows } from './problem-rows.ts'
import { ProblemsPanel } from './problems-panel.tsx'
import { inspectTitle, RecordsPanel } from './records-panel.tsx'

export function Dock() {
  const tab = useStore(viewStore, (view) => view.dockTab)
  const open = useStore(viewStore, (view) => view.panels.dock)
  const inspect = useStore(viewStore, (view) => view.inspect)
  const problems = useStore(runStore, (state) => state.problems)
  const run = useStore(runStore, (state) => state.run)
  const unread = useStore(runStore, (state) => state.unread.length)
  const rows = useMemo(() => problemRows(problems, run), [problems, run])
  const [tools, setTools] = useState<HTMLElement | null>(null)
  useEffect(followTables, [])

  const hasErrors = rows.some((row) => row.severity === 'error')
  const { setDockTab, togglePanel } = viewStore.getState()
  return (
    <Tabs.Root
      className="dock"
      value={tab}
      onValueChange={(value) => setDockTab(value as DockTab)}
      data-testid="dock-area"
      data-open={open}
    >
      <div className="dock-bar">
        <Tabs.List className="dock-tabs" aria-label="Dock">
          <Tabs.Trigger value="records" className="dock-tab" onClick={() => setDockTab('records')}>
            Records <span className="dock-tab-note">{inspectTitle(inspect)}</span>
          </Tabs.Trigger>
          <Tabs.Trigger
            value="problems"
            className={hasErrors ? 'dock-tab dock-tab-failed' : 'dock-tab'}
            aria-label={`Problems, ${problemCount(rows)}`}
            onClick={() => setDockTab('problems')}
          >
            Problems {rows.length > 0 && <span className="dock-tab-count">{rows.length}</span>}
          </Tabs.Trigger>
          <Tabs.Trigger
            value="log"
            className="dock-tab"
            aria-label={unread > 0 ? `Log, ${unread} not seen yet` : 'Log'}
            onClick={() => setDockTab('log')}
          >
            Log {unread > 0 && <span className="dock-tab-count dock-tab-unread">{unread}</span>}
          </Tabs.Trigger>
        </Tabs.List>
        <div className="dock-tools" ref={setTools} />
        <button
          type="button"
          className="dock-icon"
          aria-expanded={open}
          aria-label={open ? 'Fold the dock' : 'Unfold the dock'}
          title={open ? 'Fold' : 'Unfold'}
          onClick={() => togglePanel('dock')}
        >
          {open ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
        </button>
      </div>
      {open && (
        <>
          <Tabs.Content className="dock-panel" value="records" tabIndex={-1}>
            <RecordsPanel tools={tools} />
          </Tabs.Content>
          <Tabs.Content className="dock-panel" value="problems" tabIndex={-1}>
            <ProblemsPanel rows={rows} />
          </Tabs.Content>
          <Tabs.Content className="dock-panel" value="log" tabIndex={-1}>
            <LogPanel tools={tools} />
          </Tabs.Content>
        </>
      )}
    </Tabs.Root>
  )
}

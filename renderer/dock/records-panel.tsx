/** The Records tab: decides what there is to show and says what to do where there is nothing. */
import { useStore } from 'zustand'
import { endpointOf } from '../../engine/host/protocol.ts'
import type { RunState } from '../../engine/host/protocol.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { EdgeRecords } from './edge-records.tsx'
import { Empty } from './empty.tsx'
import { TableRecords } from './table-records.tsx'

/** `tools` is the place in the tab bar for the note and the buttons of what is shown. */
export function RecordsPanel({ tools }: { tools: HTMLElement | null }) {
  const inspect = useStore(viewStore, (view) => view.inspect)
  const run = useStore(runStore, (state) => state.run)
  const running = isRunning(run)

  if (!inspect) {
    return (
      <Empty title="Click an edge to see its records">
        {run
          ? 'Or click a table node to see its rows.'
          : 'Press Run first: records are kept while a flow runs.'}
      </Empty>
    )
  }
  if (!run) {
    return <Empty title="No records yet">Press Run: the last records of this edge appear here.</Empty>
  }
  const key = `${run.runId} ${inspect.kind} ${inspect.id}`
  const place = { runId: run.runId, running, tools }
  if (inspect.kind === 'table' && run.tables.includes(inspect.id)) {
    return <TableRecords key={key} node={inspect.id} {...place} />
  }
  if (inspect.kind === 'edge' && hasEdge(run, inspect.id)) {
    return <EdgeRecords key={key} edge={inspect.id} {...place} />
  }
  const thing = inspect.kind === 'edge' ? 'This edge' : 'This table'
  return <Empty title={`${thing} was not part of the last run`}>Press Run to see what goes through it.</Empty>
}

/** What the tab says beside its name. */
export function inspectTitle(inspect: { kind: 'edge' | 'table'; id: string } | null): string {
  if (!inspect) return ''
  if (inspect.kind === 'table') return inspect.id
  const [from = '', to = ''] = inspect.id.split('->')
  const source = endpointOf(from)
  const name = source.port === 'out' ? source.node : `${source.node}.${source.port}`
  return `${name} → ${endpointOf(to).node}`
}

function hasEdge(run: RunState, id: string): boolean {
  return run.plan.edges.some((edge) => edge.id === id)
}

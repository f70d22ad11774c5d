/** The dock follows what people do: a table that is selected, a run that ends with one result. */
import { isRunning, runStore } from '../stores/run.ts'
import type { RunStoreState } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import type { ViewState } from '../stores/view.ts'

/** Watches the stores until the returned function is called. */
export function followTables(): () => void {
  const { run } = runStore.getState()
  const now = viewStore.getState()
  // The dock may have been folded away while things happened.
  if (now.inspect === null) showSelectedTable(now, false)
  if (viewStore.getState().inspect === null && run && !isRunning(run)) showOnlyTable(now)

  const stopView = viewStore.subscribe((view, old) => {
    if (view.nodes !== old.nodes) showSelectedTable(view, view.reveal === old.reveal)
  })
  const stopRun = runStore.subscribe((state, old) => {
    if (state.run === old.run) return
    const view = viewStore.getState()
    if (state.run?.runId !== old.run?.runId) showSelectedTable(view, true)
    if (hasEnded(state, old)) showOnlyTable(view)
  })
  return () => {
    stopView()
    stopRun()
  }
}

/** `turn` brings the Records tab to the front; not so where the selection came from a click on a problem. */
function showSelectedTable(view: ViewState, turn: boolean): void {
  const [node, ...others] = view.nodes
  if (node === undefined || others.length > 0 || !runStore.getState().run?.tables.includes(node)) return
  const inspect = { kind: 'table', id: node } as const
  if (turn) view.setInspect(inspect)
  else viewStore.setState({ inspect })
}

/** The result of a flow with one table, unless somebody looks at something else. */
function showOnlyTable(view: ViewState): void {
  const [table, ...others] = runStore.getState().run?.tables ?? []
  if (table === undefined || others.length > 0) return
  const free = view.edges.length === 0 && (view.nodes.length === 0 || view.inspect === null)
  if (free) view.setInspect({ kind: 'table', id: table })
}

function hasEnded({ run }: RunStoreState, { run: old }: RunStoreState): boolean {
  return run !== null && run.phase !== 'failed' && !isRunning(run) && (old === null || isRunning(old))
}

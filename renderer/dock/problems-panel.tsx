/** The Problems tab: each row says what is wrong, where and what to do, and leads there. */
import { CircleX, TriangleAlert } from 'lucide-react'
import { endpointOf } from '../../engine/host/protocol.ts'
import { viewStore } from '../stores/view.ts'
import { Empty } from './empty.tsx'
import type { ProblemRow } from './problem-rows.ts'

export function ProblemsPanel({ rows }: { rows: readonly ProblemRow[] }) {
  if (rows.length === 0) {
    return (
      <Empty title="No problems">The flow is checked while you edit; what is wrong is listed here.</Empty>
    )
  }
  return (
    <ul className="dock-problems" aria-label="Problems">
      {rows.map((row) => (
        <li key={row.key}>
          <Row row={row} />
        </li>
      ))}
    </ul>
  )
}

function Row({ row }: { row: ProblemRow }) {
  const isError = row.severity === 'error'
  const Icon = isError ? CircleX : TriangleAlert
  const leads = row.at.node !== undefined || row.at.edge !== undefined
  return (
    <button
      type="button"
      className={`dock-problem dock-problem-${row.severity}`}
      data-testid="problem"
      data-severity={row.severity}
      aria-disabled={!leads}
      onClick={() => goTo(row)}
    >
      <span className="dock-problem-severity">
        <Icon size={14} aria-hidden="true" />
        {isError ? 'Error' : 'Warning'}
      </span>
      <span className="dock-problem-text">
        {row.where !== '' && <span className="dock-problem-where">{row.where}</span>}
        <span className="dock-problem-message">{row.message}</span>
        {row.remedy !== '' && <span className="dock-problem-remedy">{row.remedy}</span>}
        {row.record !== undefined && <code className="dock-problem-record">{row.record}</code>}
      </span>
    </button>
  )
}

/** Selects what the problem is about and brings it into view, with the focus in the field where there is one. */
function goTo({ at }: ProblemRow): void {
  const view = viewStore.getState()
  if (at.node !== undefined) return view.goTo(at.node, at.field)
  if (at.edge === undefined) return
  const [from = ''] = at.edge.split('->')
  viewStore.setState({ reveal: { node: endpointOf(from).node, at: Date.now() } })
  view.select([], [at.edge])
}

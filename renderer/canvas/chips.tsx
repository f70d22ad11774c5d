/** The chips over the canvas: what sets the pace or went wrong, rejected records, problems, zoom. Each leads to what it speaks of. */
import { CircleAlert, Maximize, TriangleAlert } from 'lucide-react'
import { useDocument, useRun } from '../app/use-stores.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { canvasActions } from './canvas-actions.ts'
import { formatCount } from './format-numbers.ts'
import { useZoomPercent } from './level-of-detail.ts'
import { currentPace, rejected } from './live-lookup.ts'
import { useLiveSample } from './use-live-sample.ts'

const ICON = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const

export function Chips() {
  return (
    <div className="canvas-chips">
      <RejectedChip />
      <ProblemChip />
      <ZoomChip />
    </div>
  )
}

/** What the run warns of, until somebody has seen it in the log; else what sets the pace. */
export function RunChip() {
  const warning = useRun(({ unread }) => unread.findLast(({ level }) => level === 'warning'))
  return (
    <div className="canvas-run-chip">
      <div role="status">{warning && <WarningChip text={warning.text} />}</div>
      {/* Where one node does not come back, another one only seems to set the pace. */}
      {!warning && <PaceChip />}
    </div>
  )
}

function WarningChip({ text }: { text: string }) {
  return (
    <button
      type="button"
      className="canvas-chip"
      data-tone="blocked"
      title="Show it in the log"
      onClick={() => viewStore.getState().setDockTab('log')}
    >
      <TriangleAlert {...ICON} />
      <span className="canvas-warning-text">{text}</span>
    </button>
  )
}

const readPace = () => (isRunning(runStore.getState().run) ? currentPace() : null)

function PaceChip() {
  const pace = useLiveSample(readPace)
  const title = useDocument((state) => (pace ? state.flow.nodes[pace.node]?.title : undefined))
  if (!pace) return null
  return (
    <button
      type="button"
      className="canvas-chip canvas-pace"
      title="The others wait for this node"
      onClick={() => viewStore.getState().goTo(pace.node)}
    >
      <span className="canvas-pace-dot" aria-hidden="true" />
      <strong>{title ?? pace.node}</strong> <span className="canvas-pace-text">{pace.text}</span>
    </button>
  )
}

function RejectedChip() {
  const found = useLiveSample(rejected)
  if (!found) return null
  return (
    <button
      type="button"
      className="canvas-chip"
      data-tone="failed"
      title={`Go to ${found.node}, which rejected most`}
      onClick={() => viewStore.getState().goTo(found.node)}
    >
      <CircleAlert {...ICON} />
      {formatCount(found.count)} rejected {found.count === 1 ? 'record' : 'records'}
    </button>
  )
}

function ProblemChip() {
  const problems = useRun((state) => state.problems)
  const empty = useDocument((state) => Object.keys(state.flow.nodes).length === 0)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const shown = errors.length > 0 ? errors : problems
  const [first] = shown
  if (!first || empty) return null
  const goTo = () => {
    const { setDockTab, goTo, select } = viewStore.getState()
    setDockTab('problems')
    if (first.at.node !== undefined) goTo(first.at.node, first.at.field)
    else if (first.at.edge !== undefined) select([], [first.at.edge])
  }
  return (
    <button
      type="button"
      className="canvas-chip"
      data-tone={errors.length > 0 ? 'failed' : 'blocked'}
      title={`${first.message} ${first.remedy}`}
      onClick={goTo}
    >
      <TriangleAlert {...ICON} />
      {shown.length} {errors.length > 0 ? 'problem' : 'warning'}
      {shown.length === 1 ? '' : 's'}
    </button>
  )
}

function ZoomChip() {
  const percent = useZoomPercent()
  return (
    <button
      type="button"
      className="canvas-chip canvas-zoom"
      title="Fit the whole flow"
      onClick={() => canvasActions.fit()}
    >
      <Maximize {...ICON} />
      <span aria-label={`Zoom ${percent} percent. Fit the whole flow`}>{percent}&thinsp;%</span>
    </button>
  )
}

/** What needs the person now: the engine went away, or the run failed. Stays until it is dealt with or put away. */
import { OctagonAlert, X } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { viewStore } from '../stores/view.ts'
import { sessionStore, theShell } from './session.ts'
import { useDocument, useRun } from './use-stores.ts'

export function Banner() {
  const engine = useRun((state) => state.engine)
  const crash = useStore(sessionStore, (state) => state.crash)
  const run = useRun((state) => state.run)
  const [read, setRead] = useState('')

  if (engine.state === 'gone') {
    const restart = theShell().restartEngine
    return (
      <Frame>
        <span className="banner-text">{sentence(engine.reason)} Your flow is safe.</span>
        {restart && (
          <button type="button" className="button" onClick={() => void restart()}>
            Try again
          </button>
        )}
      </Frame>
    )
  }
  if (crash !== null) {
    const back = engine.state === 'ready'
    const now = back
      ? 'It was started again; press Run.'
      : theShell().kind === 'web'
        ? 'Connecting again…'
        : 'It is being started again.'
    return (
      <Frame onClose={back ? () => sessionStore.setState({ crash: null }) : undefined}>
        <span className="banner-text">
          {sentence(crash)} Your flow is safe. {now}
        </span>
      </Frame>
    )
  }
  if (run?.phase === 'failed' && run.error && read !== run.runId)
    return <FailedRun onClose={() => setRead(run.runId)} />
  return null
}

function FailedRun({ onClose }: { onClose: () => void }) {
  const error = useRun((state) => state.run?.error)
  const node = error?.at.node
  const known = useDocument((state) => (node === undefined ? undefined : state.flow.nodes[node]))
  if (!error) return null
  const record = error.at.recordNumber === undefined ? '' : `, record ${error.at.recordNumber}`
  const line = error.at.line === undefined ? '' : `, line ${error.at.line}`
  return (
    <Frame onClose={onClose}>
      <span className="banner-text">
        {node !== undefined && (
          <>
            <b>{known?.title ?? node}</b>
            {record}
            {line}:{' '}
          </>
        )}
        {sentence(error.message)} {error.remedy}
      </span>
      {node !== undefined && known && (
        <button
          type="button"
          className="button"
          onClick={() => viewStore.getState().goTo(node, error.at.field)}
        >
          Go to node
        </button>
      )}
    </Frame>
  )
}

function Frame({ children, onClose }: { children: React.ReactNode; onClose?: (() => void) | undefined }) {
  return (
    <div className="banner" role="alert" data-testid="banner">
      <OctagonAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      {children}
      {onClose && (
        <button type="button" className="icon-button" aria-label="Put away" onClick={onClose}>
          <X size={14} strokeWidth={1.75} aria-hidden="true" />
        </button>
      )}
    </div>
  )
}

/** Reasons come with or without their full stop. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

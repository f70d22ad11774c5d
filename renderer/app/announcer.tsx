/** Tells screen readers how the run goes: changes at once, progress at most every five seconds. */
import { useEffect, useState } from 'react'
import type { RunState } from '../../engine/host/protocol.ts'
import { live } from '../stores/live.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { runSummary } from './run-summary.ts'

const EVERY_MS = 5000

export function Announcer() {
  const [text, setText] = useState('')
  useEffect(() => {
    const tell = () => {
      const { run } = runStore.getState()
      if (run) setText(sentenceOf(run))
    }
    const timer = setInterval(() => {
      if (isRunning(runStore.getState().run)) tell()
    }, EVERY_MS)
    const stop = runStore.subscribe((state, old) => {
      if (state.run && (state.run.phase !== old.run?.phase || state.run.runId !== old.run.runId)) tell()
    })
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [])
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  )
}

function sentenceOf(run: RunState): string {
  // The banner is an alert and tells the rest.
  return runSummary(run, live)
    .map(({ before, value, after }) => [before, value, after].filter(Boolean).join(' '))
    .join(', ')
}

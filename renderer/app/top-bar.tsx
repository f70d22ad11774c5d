/** Name and file, the state of the run, and the three things to press. */
import { Play, Search, Square } from 'lucide-react'
import { runCommand } from '../commands/commands.ts'
import { isRunning } from '../stores/run.ts'
import { DocumentName } from './document-name.tsx'
import { ExportMenu } from './export-menu.tsx'
import { ariaKeys, Keys } from './keys.tsx'
import { RunLine } from './run-line.tsx'
import { useDocument, useRun } from './use-stores.ts'

export function TopBar() {
  return (
    <header className="top-bar">
      <DocumentName />
      <RunLine />
      <div className="top-actions">
        <button
          type="button"
          className="button"
          aria-keyshortcuts={ariaKeys('Mod+K')}
          aria-label="Commands"
          onClick={() => runCommand('view.commands')}
        >
          <Search size={15} strokeWidth={1.75} aria-hidden="true" />
          <span className="wide-only">Commands</span>
          <Keys keys="Mod+K" />
        </button>
        <ExportMenu />
        <RunButton />
      </div>
    </header>
  )
}

function RunButton() {
  const running = useRun((state) => isRunning(state.run))
  const stopping = useRun((state) => state.run?.phase === 'stopping')
  const starting = useRun((state) => state.starting)
  const away = useRun((state) => state.engine.state !== 'ready')
  const empty = useDocument((state) => Object.keys(state.flow.nodes).length === 0)
  const keys = ariaKeys('Mod+Enter')
  if (running) {
    return (
      <button
        type="button"
        className="button fill run-button"
        aria-keyshortcuts={keys}
        disabled={stopping}
        onClick={() => runCommand('run.stop')}
      >
        <Square size={14} strokeWidth={1.75} aria-hidden="true" />
        Stop
      </button>
    )
  }
  return (
    <button
      type="button"
      className="button fill run-button"
      aria-keyshortcuts={keys}
      title={empty ? 'Add a node first' : undefined}
      disabled={starting || away || empty}
      onClick={() => runCommand('run.start')}
    >
      <Play size={14} strokeWidth={1.75} aria-hidden="true" />
      Run
    </button>
  )
}

/** The flow's name, edited in place, with its file and whether that is up to date. */
import { useState } from 'react'
import { documentStore, isDirty } from '../stores/document.ts'
import { useDocument } from './use-stores.ts'

export function DocumentName() {
  const name = useDocument((state) => state.flow.name)
  const path = useDocument((state) => state.path)
  const dirty = useDocument(isDirty)
  // An example is as it came, and still nowhere.
  const blank = useDocument((state) => !isDirty(state) && Object.keys(state.flow.nodes).length === 0)
  const [draft, setDraft] = useState<string | null>(null)

  const finish = (keep: boolean) => {
    const next = draft?.trim()
    if (keep && next && next !== name) {
      documentStore.getState().setName(next)
      documentStore.getState().endTyping()
    }
    setDraft(null)
  }
  return (
    <div className="document">
      <input
        className="document-name"
        aria-label="Name of the flow"
        maxLength={200}
        value={draft ?? name}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key === 'Escape') {
            setDraft(null)
            // The draft is gone with the next render only; leaving the field now must not keep it.
            requestAnimationFrame(() => (event.target as HTMLElement).blur())
          }
        }}
      />
      <span className="document-file" title={path ?? undefined} data-testid="document-state">
        {path === null ? (blank ? '' : 'not saved yet') : `${tail(path)} · ${dirty ? 'edited' : 'saved'}`}
      </span>
    </div>
  )
}

/** The end of a path: its folder and name. */
function tail(path: string): string {
  const parts = path.split(/[/\\]/)
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path
}

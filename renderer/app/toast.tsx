/** One short message at a time; it leaves by itself, later where there is more to read or the pointer rests on it. */
import { Info, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { viewStore } from '../stores/view.ts'
import { useView } from './use-stores.ts'

const LEAST_MS = 4000
const MS_PER_LETTER = 60

export function Toast() {
  const toast = useView((state) => state.toast)
  const [held, setHeld] = useState(false)

  useEffect(() => {
    if (!toast || held) return
    const timer = setTimeout(viewStore.getState().dismissToast, LEAST_MS + toast.text.length * MS_PER_LETTER)
    return () => clearTimeout(timer)
  }, [toast, held])

  // The live region is always there: screen readers only hear what changes inside one they know.
  return (
    <div role="status" aria-live="polite" data-testid="toast">
      {toast && (
        <div
          key={toast.at}
          className="toast"
          data-tone={toast.tone}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
        >
          {toast.tone === 'error' ? (
            <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
          ) : (
            <Info
              size={16}
              strokeWidth={1.75}
              aria-hidden="true"
              style={{ marginTop: 2, color: 'var(--ink-2)' }}
            />
          )}
          <span>{toast.text}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => {
              setHeld(false)
              viewStore.getState().dismissToast()
            }}
          >
            <X size={14} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  )
}

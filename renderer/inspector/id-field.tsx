/** The node's id: its name in the file, in wires and on the command line. */
import { useId, useState } from 'react'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'

export function IdField({ id }: { id: string }) {
  const [draft, setDraft] = useState<string | null>(null)
  const [trouble, setTrouble] = useState('')
  const control = useId()

  const finish = () => {
    const next = (draft ?? id).trim()
    if (next === '' || next === id) {
      setDraft(null)
      setTrouble('')
    } else if (documentStore.getState().renameNode(id, next)) {
      setDraft(null)
      viewStore.getState().select([next])
    } else if (documentStore.getState().flow.nodes[next]) {
      setTrouble(`There is a node ${next} already. Pick another id.`)
    } else {
      setTrouble('An id begins with a letter; then letters, digits, - and _ may follow, 64 in all.')
    }
  }
  return (
    <div className="field" data-field="id">
      <div className="field-head">
        <label htmlFor={control}>Id</label>
      </div>
      <input
        id={control}
        className="input mono"
        spellCheck={false}
        aria-invalid={trouble !== ''}
        aria-describedby={`${control}-more`}
        value={draft ?? id}
        onChange={(event) => {
          setDraft(event.target.value)
          setTrouble('')
        }}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
          if (event.key === 'Escape') {
            setDraft(null)
            setTrouble('')
          }
        }}
      />
      <div id={`${control}-more`} className="field-more">
        {trouble !== '' && <p className="field-problem">{trouble}</p>}
        <p className="help">
          The node's name in the file and in <code>weir run --set {id}.…</code>
        </p>
      </div>
    </div>
  )
}

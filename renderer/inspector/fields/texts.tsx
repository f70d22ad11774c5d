/** A list of texts: one line each. */
import { Plus, X } from 'lucide-react'
import { documentStore } from '../../stores/document.ts'
import type { FieldProps } from './field-props.ts'

export function TextsField({ field, id, describedBy, value, onChange }: FieldProps) {
  const texts = (Array.isArray(value) ? value : Array.isArray(field.initial) ? field.initial : []).map(String)
  const { endTyping } = documentStore.getState()
  /** Adding and removing are undo steps of their own. */
  const change = (next: string[]) => {
    endTyping()
    onChange(next.length === 0 ? undefined : next)
    endTyping()
  }
  return (
    <div className="texts" id={id} role="group" aria-label={field.title} aria-describedby={describedBy}>
      {texts.map((text, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no identity but their place
        <div className="with-button" key={index}>
          <input
            className="input"
            aria-label={`${field.title} ${index + 1}`}
            value={text}
            onChange={(event) => onChange(texts.with(index, event.target.value))}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove ${field.title} ${index + 1}`}
            onClick={() => change(texts.toSpliced(index, 1))}
          >
            <X size={14} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      ))}
      <button type="button" className="button quiet add" onClick={() => change([...texts, ''])}>
        <Plus size={14} strokeWidth={1.75} aria-hidden="true" />
        Add
      </button>
    </div>
  )
}

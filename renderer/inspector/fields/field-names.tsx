/** The name of a field of the records, or a list of such names, completed from what reaches the node. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { defaultText } from '../form-model.ts'
import { useForm } from '../form-context.ts'
import type { FieldProps } from './field-props.ts'
import { NameInput } from './name-input.tsx'

export function FieldField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  const { upstream } = useForm()
  return (
    <NameInput
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      names={upstream.fields}
      placeholder={field.placeholder || defaultText(field.initial)}
      value={typeof value === 'string' ? value : ''}
      onChange={(next) => onChange(next === '' && !field.required ? undefined : next)}
    />
  )
}

export function FieldsField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  const { upstream } = useForm()
  const [draft, setDraft] = useState('')
  const names = (Array.isArray(value) ? value : Array.isArray(field.initial) ? field.initial : []).map(String)

  const add = (text: string) => {
    const name = text.trim()
    setDraft('')
    if (name !== '' && !names.includes(name)) onChange([...names, name])
  }
  const remove = (index: number) => {
    const left = names.filter((_, other) => other !== index)
    onChange(left.length === 0 && defaultText(field.initial) === 'none' ? undefined : left)
  }
  return (
    <div
      className="names"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && add(draft)}
    >
      {names.length > 0 && (
        <ul className="names-list" aria-label={field.title}>
          {names.map((name, index) => (
            <li key={name} className="name-chip">
              <code>{name}</code>
              <button type="button" aria-label={`Remove ${name}`} onClick={() => remove(index)}>
                <X size={12} strokeWidth={2} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <NameInput
        id={id}
        describedBy={describedBy}
        invalid={invalid}
        names={upstream.fields.filter(({ name }) => !names.includes(name))}
        placeholder={field.placeholder || 'Add a field'}
        value={draft}
        onChange={setDraft}
        onPick={add}
        onKeyDown={(event) => {
          if (event.key === ',') {
            event.preventDefault()
            add(draft)
          } else if (event.key === 'Backspace' && draft === '' && names.length > 0) remove(names.length - 1)
        }}
      />
    </div>
  )
}

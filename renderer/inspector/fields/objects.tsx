/** A list of objects, each a small form: add, remove, move up and down. */
import { ChevronDown, ChevronUp, Plus, X } from 'lucide-react'
import { documentStore } from '../../stores/document.ts'
import { useForm } from '../form-context.ts'
import { isShown, newElement } from '../form-model.ts'
import type { FieldProps } from './field-props.ts'

type Element = Record<string, unknown>

export function ObjectsField({ field, path, id, describedBy, value, onChange }: FieldProps) {
  const elements = (
    Array.isArray(value) ? value : Array.isArray(field.initial) ? field.initial : []
  ) as Element[]
  const { endTyping } = documentStore.getState()
  const { Row } = useForm()
  /** Adding, removing and moving are undo steps of their own. */
  const change = (next: Element[]) => {
    endTyping()
    onChange(next)
    endTyping()
  }
  const swap = (index: number, other: number) => {
    const [a, b] = [elements[index], elements[other]]
    if (a && b) change(elements.with(index, b).with(other, a))
  }
  const set = (index: number, key: string, part: unknown) => {
    const { [key]: _, ...rest } = elements[index] ?? {}
    onChange(elements.with(index, part === undefined ? rest : { ...elements[index], [key]: part }))
  }
  const name = (index: number) => `${field.title} ${index + 1}`
  return (
    <div className="objects" id={id} role="group" aria-label={field.title} aria-describedby={describedBy}>
      {elements.map((element, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- elements have no identity but their place
        <fieldset className="object" key={index}>
          <legend className="visually-hidden">{name(index)}</legend>
          <div className="object-fields">
            {field.fields
              .filter((part) => isShown(part, element, field.fields))
              .map((part) => (
                <Row
                  key={part.key}
                  field={part}
                  path={`${path}.${index}.${part.key}`}
                  value={element[part.key]}
                  compact
                  onChange={(next) => set(index, part.key, next)}
                />
              ))}
          </div>
          <div className="object-tools">
            <Tool label={`Remove ${name(index)}`} onClick={() => change(elements.toSpliced(index, 1))}>
              <X size={13} strokeWidth={1.75} aria-hidden="true" />
            </Tool>
            {elements.length > 1 && (
              <>
                <Tool
                  label={`Move ${name(index)} up`}
                  disabled={index === 0}
                  onClick={() => swap(index, index - 1)}
                >
                  <ChevronUp size={13} strokeWidth={1.75} aria-hidden="true" />
                </Tool>
                <Tool
                  label={`Move ${name(index)} down`}
                  disabled={index === elements.length - 1}
                  onClick={() => swap(index, index + 1)}
                >
                  <ChevronDown size={13} strokeWidth={1.75} aria-hidden="true" />
                </Tool>
              </>
            )}
          </div>
        </fieldset>
      ))}
      <button
        type="button"
        className="button quiet add"
        onClick={() => change([...elements, newElement(field)])}
      >
        <Plus size={14} strokeWidth={1.75} aria-hidden="true" />
        Add
      </button>
    </div>
  )
}

interface ToolProps {
  label: string
  disabled?: boolean
  onClick(): void
  children: React.ReactNode
}

function Tool({ label, disabled = false, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

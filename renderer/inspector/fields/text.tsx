/** One line of text, or several. */
import { defaultText } from '../form-model.ts'
import type { FieldProps } from './field-props.ts'

export function TextField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  return (
    <input
      id={id}
      className="input"
      aria-describedby={describedBy}
      aria-invalid={invalid}
      spellCheck={false}
      placeholder={field.placeholder || defaultText(field.initial)}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    />
  )
}

export function LongTextField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  return (
    <textarea
      id={id}
      className="input"
      rows={4}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      placeholder={field.placeholder || defaultText(field.initial)}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    />
  )
}

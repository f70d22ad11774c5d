/** A number with its unit; arrows step. What is no number stays in the field, told, and is not stored. */
import { useState } from 'react'
import { defaultText } from '../form-model.ts'
import type { FormField } from '../form-model.ts'
import type { FieldProps } from './field-props.ts'

export function NumberField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const stored = typeof value === 'number' ? String(value) : ''
  const text = draft ?? stored
  const wrong = draft !== null && draft.trim() !== '' && parseNumber(draft) === null

  const change = (next: string) => {
    setDraft(next)
    const number = parseNumber(next)
    if (next.trim() === '') onChange(undefined)
    else if (number !== null) onChange(number)
  }
  const step = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    setDraft(null)
    onChange(
      stepped(
        typeof value === 'number' ? value : Number(field.initial ?? 0),
        by * (event.shiftKey ? 10 : 1),
        field,
      ),
    )
  }
  return (
    <div className="with-unit">
      <input
        id={id}
        className="input mono"
        inputMode="decimal"
        aria-describedby={describedBy}
        aria-invalid={invalid || wrong}
        placeholder={defaultText(field.initial)}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={step}
        onBlur={() => !wrong && setDraft(null)}
      />
      {field.unit !== '' && <span className="unit">{field.unit}</span>}
      {wrong && <span className="field-problem">This is not a number.</span>}
    </div>
  )
}

/** Reads "1 000 000", "1_000", "2.5e3"; null where it is no number. */
export function parseNumber(text: string): number | null {
  const plain = text.replaceAll(/[\s_\u2009\u202f]/g, '').replace('−', '-')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null
  return Number(plain)
}

function stepped(value: number, by: number, { min, max }: FormField): number {
  const next = Math.round((value + by) * 1e9) / 1e9
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next))
}

/** Any JSON. Text that does not parse (yet) is kept in the config as it is, so that nothing typed is ever lost. */
import { useState } from 'react'
import { defaultText } from '../form-model.ts'
import type { FieldProps } from './field-props.ts'

export function JsonField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  // The text as typed, while the value is still what came of it.
  const [draft, setDraft] = useState<{ text: string; value: unknown } | null>(null)
  const text = draft && draft.value === value ? draft.text : jsonText(value)
  const rows = Math.min(14, Math.max(4, text.split('\n').length + 1))
  const trouble = text.trim() === '' ? '' : jsonTrouble(text)

  const change = (next: string) => {
    const parsed = parseJson(next)
    setDraft({ text: next, value: parsed })
    onChange(parsed)
  }
  return (
    <>
      <textarea
        id={id}
        className="input mono json"
        rows={rows}
        spellCheck={false}
        aria-describedby={describedBy}
        aria-invalid={invalid || trouble !== ''}
        placeholder={field.placeholder || defaultText(field.initial)}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      {trouble !== '' && <p className="field-problem">{trouble}</p>}
    </>
  )
}

/** The value of a text; the text itself where it is no JSON, undefined where it is empty. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A value as text: lists with one element per line. */
export function jsonText(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return JSON.stringify(value, null, 2)
  if (value.length === 0) return '[]'
  return `[\n${value.map((element) => `  ${JSON.stringify(element)}`).join(',\n')}\n]`
}

function jsonTrouble(text: string): string {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const at = reason.match(/position (\d+)/)
    const place = at ? `Line ${text.slice(0, Number(at[1])).split('\n').length}: ` : ''
    return `${place}this is not JSON. ${reason.replace(/ in JSON at position.*$/, '')}.`
  }
}

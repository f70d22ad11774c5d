/** A whole number that may be left out: a bound of an edge, a limit of a run. Empty means the usual one. */
import { useId, useState } from 'react'
import { formatCount } from '../canvas/format-numbers.ts'
import { documentStore } from '../stores/document.ts'
import { parseNumber } from './fields/number.tsx'

export interface CapacityFieldProps {
  label: string
  unit: string
  value: number | undefined
  range: [least: number, most: number]
  /** What holds where it is empty. */
  usual?: number
  onChange(value: number | undefined): void
}

export function CapacityField({
  label,
  unit,
  value,
  range: [least, most],
  usual,
  onChange,
}: CapacityFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const id = useId()
  const number = draft === null || draft.trim() === '' ? null : parseNumber(draft)
  const fits = number !== null && Number.isInteger(number) && number >= least && number <= most
  const wrong = draft !== null && draft.trim() !== '' && !fits

  const change = (next: string) => {
    setDraft(next)
    if (next.trim() === '') return onChange(undefined)
    const parsed = parseNumber(next)
    if (parsed !== null && Number.isInteger(parsed) && parsed >= least && parsed <= most) onChange(parsed)
  }
  return (
    <div className="field" data-compact="true">
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
      </div>
      <div className="with-unit">
        <input
          id={id}
          className="input mono"
          inputMode="numeric"
          placeholder={usual === undefined ? 'default' : String(usual)}
          aria-invalid={wrong}
          value={draft ?? (value === undefined ? '' : String(value))}
          onChange={(event) => change(event.target.value)}
          onBlur={() => {
            if (!wrong) setDraft(null)
            documentStore.getState().endTyping()
          }}
        />
        <span className="unit">{unit}</span>
        {wrong && (
          <p className="field-problem">
            A whole number from {formatCount(least)} to {formatCount(most)}.
          </p>
        )}
      </div>
    </div>
  )
}

/** A field with its label, help, default and what is wrong with it. */
import { RotateCcw } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { useView } from '../app/use-stores.ts'
import { documentStore } from '../stores/document.ts'
import { viewStore } from '../stores/view.ts'
import { FieldControl } from './fields/field.tsx'
import { useForm } from './form-context.ts'
import type { RowProps } from './form-context.ts'
import { defaultText, problemsAt } from './form-model.ts'

/** Kinds whose whole is a list: their parts tell their own problems. */
const COMPOUND = new Set(['objects'])
/** Kinds whose control is no form element, which a label alone would not lead to. */
const CODE = new Set(['expression', 'script'])

export function FieldRow({ field, path, value, compact = false, onChange }: RowProps) {
  const { node, problems } = useForm()
  const id = useId()
  const row = useRef<HTMLDivElement>(null)
  const mine = problemsAt(problems, node, path, !COMPOUND.has(field.kind))
  const wanted = useView(({ focusField }) => focusField?.node === node && focusField.field === path)

  useEffect(() => {
    if (wanted && row.current) focusIn(row.current)
  }, [wanted])

  const isSet = value !== undefined && field.initial !== undefined
  return (
    <div
      ref={row}
      className="field"
      data-kind-of-field={field.kind}
      data-compact={compact}
      data-field={`${node}.${path}`}
      onBlur={() => documentStore.getState().endTyping()}
    >
      <div className="field-head">
        <label htmlFor={id} onClick={() => CODE.has(field.kind) && row.current && focusIn(row.current)}>
          {field.title}
          {field.required && <span className="required"> required</span>}
        </label>
        {isSet && !compact && (
          <button
            type="button"
            className="reset"
            title={`Back to the default${defaultText(field.initial) === '' ? '' : `: ${defaultText(field.initial)}`}`}
            aria-label={`Put the default of ${field.title} back`}
            onClick={() => onChange(undefined)}
          >
            <RotateCcw size={12} strokeWidth={1.75} aria-hidden="true" />
            default
          </button>
        )}
      </div>
      <FieldControl
        field={field}
        path={path}
        id={id}
        describedBy={`${id}-more`}
        value={value}
        invalid={mine.some(({ severity }) => severity === 'error')}
        onChange={onChange}
      />
      <div id={`${id}-more`} className="field-more">
        {mine.map((problem) => (
          <p key={problem.message} className="field-problem" data-severity={problem.severity}>
            {problem.at.line !== undefined && (
              <b>
                Line {problem.at.line}
                {problem.at.column !== undefined && `, column ${problem.at.column}`}:{' '}
              </b>
            )}
            {problem.message} {problem.remedy}
          </p>
        ))}
        {!compact && field.help !== '' && <p className="help">{withCode(field.help)}</p>}
      </div>
    </div>
  )
}

/** Text between backticks in mono. */
function withCode(text: string): React.ReactNode[] {
  // Pieces have no identity but their place, and the text is fixed.
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? <code key={`${index}${piece}`}>{piece}</code> : piece))
}

/** The code editor comes a moment later than its row: then the focus waits for it. */
function focusIn(row: HTMLElement): void {
  const control = () =>
    row.querySelector<HTMLElement>('.monaco-editor textarea, .monaco-editor .native-edit-context') ??
    (row.querySelector('.code-editor')
      ? null
      : row.querySelector<HTMLElement>('input, textarea, select, button:not(.reset)'))
  const arrive = (element: HTMLElement) => {
    row.scrollIntoView({ block: 'nearest' })
    element.focus()
    viewStore.getState().clearFocusField()
  }
  const now = control()
  if (now) return arrive(now)
  const observer = new MutationObserver(() => {
    const later = control()
    if (!later) return
    observer.disconnect()
    arrive(later)
  })
  observer.observe(row, { childList: true, subtree: true })
}

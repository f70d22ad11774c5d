/** One of a few values: side by side where they are short, a list where not. */
import { ToggleGroup } from 'radix-ui'
import type { FieldProps } from './field-props.ts'

/** Letters that fit side by side in the narrowest panel. */
const ROOM = 22

export function ChoiceField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  const labels = field.options.map(String)
  const known = value === undefined || field.options.includes(value as string)
  const chosen = String(value ?? field.initial ?? '')
  const choose = (label: string) => onChange(field.options.find((option) => String(option) === label))

  if (known && labels.length <= 4 && labels.join('').length + labels.length * 2 <= ROOM) {
    return (
      <ToggleGroup.Root
        id={id}
        className="segments"
        type="single"
        aria-label={field.title}
        aria-describedby={describedBy}
        value={chosen}
        onValueChange={(label) => label !== '' && choose(label)}
      >
        {labels.map((label) => (
          <ToggleGroup.Item key={label} className="segment" value={label}>
            {label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    )
  }
  return (
    <select
      id={id}
      className="input"
      aria-describedby={describedBy}
      aria-invalid={invalid}
      value={chosen}
      onChange={(event) => choose(event.target.value)}
    >
      {!known && <option value={chosen}>{chosen}</option>}
      {labels.map((label) => (
        <option key={label} value={label}>
          {label}
        </option>
      ))}
    </select>
  )
}

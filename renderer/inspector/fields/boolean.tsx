/** On or off. */
import { Switch } from 'radix-ui'
import type { FieldProps } from './field-props.ts'

export function BooleanField({ field, id, describedBy, value, onChange }: FieldProps) {
  const on = typeof value === 'boolean' ? value : field.initial === true
  return (
    <Switch.Root
      id={id}
      className="switch"
      checked={on}
      aria-describedby={describedBy}
      onCheckedChange={onChange}
    >
      <Switch.Thumb className="switch-thumb" />
    </Switch.Root>
  )
}

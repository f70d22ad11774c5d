/** What every kind of field is given. */
import type { FormField } from '../form-model.ts'

export interface FieldProps {
  field: FormField
  /** Dotted path in the node's config. */
  path: string
  /** Id of the control, for its label. */
  id: string
  /** Id of help and problems. */
  describedBy: string
  /** undefined: not set, the default counts. */
  value: unknown
  invalid: boolean
  /** undefined puts the default back. */
  onChange(value: unknown): void
}

/** What the fields of a form share: the node, its problems, and what reaches it. */
import { createContext, useContext } from 'react'
import type { ComponentType } from 'react'
import type { Problem } from '../../engine/host/protocol.ts'
import type { FormField } from './form-model.ts'
import type { Upstream } from './upstream.ts'

export interface RowProps {
  field: FormField
  /** Dotted path in the node's config. */
  path: string
  value: unknown
  /** Part of a list's element: label and control share less room. */
  compact?: boolean
  onChange(value: unknown): void
}

export interface FormContext {
  node: string
  problems: readonly Problem[]
  upstream: Upstream
  /** A labelled field; given here because lists of objects are fields that hold rows. */
  Row: ComponentType<RowProps>
}

export const FormContextProvider = createContext<FormContext | null>(null)

export function useForm(): FormContext {
  const context = useContext(FormContextProvider)
  if (!context) throw new Error('A form field stands outside a form.')
  return context
}

/** The control of each kind of field. */
import type { ComponentType } from 'react'
import type { FieldKind } from '../form-model.ts'
import { BooleanField } from './boolean.tsx'
import { ChoiceField } from './choice.tsx'
import { CodeField } from './code.tsx'
import { FieldField, FieldsField } from './field-names.tsx'
import type { FieldProps } from './field-props.ts'
import { JsonField } from './json.tsx'
import { NumberField } from './number.tsx'
import { ObjectsField } from './objects.tsx'
import { PathField } from './path.tsx'
import { LongTextField, TextField } from './text.tsx'
import { TextsField } from './texts.tsx'

const controls: Record<FieldKind, ComponentType<FieldProps>> = {
  text: TextField,
  'long-text': LongTextField,
  number: NumberField,
  boolean: BooleanField,
  choice: ChoiceField,
  'path-in': PathField,
  'path-out': PathField,
  field: FieldField,
  fields: FieldsField,
  expression: CodeField,
  script: CodeField,
  json: JsonField,
  objects: ObjectsField,
  texts: TextsField,
}

export function FieldControl(props: FieldProps) {
  const Control = controls[props.field.kind]
  return <Control {...props} />
}

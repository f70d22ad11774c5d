/** From a node's JSON Schema to the fields of its form: plain data, a closed set of kinds. */
import type { JsonSchema, Problem } from '../../engine/host/protocol.ts'

export type FieldKind =
  | 'text'
  | 'long-text'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'path-in'
  | 'path-out'
  | 'field'
  | 'fields'
  | 'expression'
  | 'script'
  | 'json'
  | 'objects'
  | 'texts'

export interface FormField {
  /** Name in the config. */
  key: string
  kind: FieldKind
  title: string
  help: string
  required: boolean
  /** The default; undefined where there is none. */
  initial: unknown
  advanced: boolean
  placeholder: string
  unit: string
  /** Shown only while these other fields have one of these values. */
  when: Record<string, readonly (string | number | boolean)[]>
  /** Of `choice`. */
  options: readonly (string | number | boolean)[]
  /** Of `number`. */
  integer: boolean
  min?: number | undefined
  max?: number | undefined
  /** Of `objects`: the fields of one element. */
  fields: readonly FormField[]
}

/** The fields of a config, in the order of the schema. */
export function formFields(schema: JsonSchema): FormField[] {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).map(([key, property]) =>
    formField(key, property, required.has(key)),
  )
}

function formField(key: string, outer: JsonSchema, required: boolean): FormField {
  const schema = { ...plainest(outer), ...metaOf(outer) }
  const kind = kindOf(schema)
  return {
    key,
    kind,
    title: schema.title ?? key,
    help: schema.description ?? '',
    required: required && schema.default === undefined,
    initial: schema.default,
    advanced: schema.advanced ?? false,
    placeholder: schema.placeholder ?? '',
    unit: schema.unit ?? '',
    when: schema.when ?? {},
    options: kind === 'choice' ? optionsOf(schema) : [],
    integer: schema.type === 'integer',
    min: schema.minimum ?? schema.exclusiveMinimum,
    max: schema.maximum ?? schema.exclusiveMaximum,
    fields: kind === 'objects' && schema.items ? formFields(schema.items) : [],
  }
}

/** "number or null" is a number that may stay empty. Real unions stay what they are. */
function plainest(schema: JsonSchema): JsonSchema {
  const members = (schema.anyOf ?? schema.oneOf)?.filter((member) => member.type !== 'null')
  return members?.length === 1 && members[0] ? members[0] : schema
}

/** What the outer schema says goes before what the member of its union says. */
function metaOf(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema
  return anyOf || oneOf ? rest : schema
}

function kindOf(schema: JsonSchema): FieldKind {
  if (schema.editor === 'text') return 'long-text'
  if (schema.editor) return schema.editor
  if (optionsOf(schema).length > 0) return 'choice'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'array' && schema.items?.properties) return 'objects'
  if (schema.type === 'array' && schema.items?.type === 'string') return 'texts'
  return 'json'
}

function optionsOf(schema: JsonSchema): (string | number | boolean)[] {
  const members = schema.anyOf ?? schema.oneOf ?? []
  const values =
    schema.enum ??
    (members.every((member) => member.const !== undefined) ? members.map(({ const: value }) => value) : [])
  return values.filter(
    (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
  )
}

/** True where the field's conditions hold, defaults counted as values. */
export function isShown(
  field: FormField,
  config: Record<string, unknown>,
  fields: readonly FormField[],
): boolean {
  return Object.entries(field.when).every(([key, values]) => {
    const value = config[key] ?? fields.find((other) => other.key === key)?.initial
    return values.some((allowed) => allowed === value)
  })
}

/** A new element of a list of objects: its defaults are left out, required texts start empty. */
export function newElement(field: FormField): Record<string, unknown> {
  return Object.fromEntries(
    field.fields.filter((part) => part.required).map((part) => [part.key, part.kind === 'number' ? 0 : '']),
  )
}

/** The problems at this field itself; those of parts inside it only where `deep`. */
export function problemsAt(
  problems: readonly Problem[],
  node: string,
  path: string,
  deep = false,
): Problem[] {
  return problems.filter(
    ({ at }) =>
      at.node === node && (at.field === path || (deep && (at.field?.startsWith(`${path}.`) ?? false))),
  )
}

/** A default as the form tells it. */
export function defaultText(value: unknown): string {
  if (value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.length === 0 ? 'none' : ''
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

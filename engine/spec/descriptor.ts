/** A node type as plain data: what crosses the wire and feeds palette, form, docs and CLI help. */
import { z } from 'zod'
import type { AnyNodeType, Kind, Look, Ports } from './node.ts'

/** The part of JSON Schema that config schemas use, plus the keys of FieldMeta. */
export interface JsonSchema {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  additionalProperties?: boolean | JsonSchema
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  editor?: 'expression' | 'script' | 'path-in' | 'path-out' | 'field' | 'fields' | 'json' | 'text'
  unit?: string
  placeholder?: string
  advanced?: boolean
  when?: Record<string, (string | number | boolean)[]>
}

export interface DescriptorExample {
  title: string
  config: Record<string, unknown>
  in?: Record<string, unknown[]>
  out?: Record<string, unknown[]>
}

/** Survives JSON and structuredClone unchanged. */
export interface NodeDescriptor {
  type: string
  kind: Kind
  version: number
  title: string
  summary: string
  /** Markdown. */
  docs: string
  config: JsonSchema
  /** Config with every default filled in; required fields without a default are absent. */
  defaults: Record<string, unknown>
  ports: Ports
  look: Look
  examples: DescriptorExample[]
}

/** Strips a node type to its data. */
export function describe(type: AnyNodeType): NodeDescriptor {
  const schema = z.toJSONSchema(type.config, { io: 'input', unrepresentable: 'any' }) as JsonSchema & {
    $schema?: string
  }
  delete schema.$schema
  const defaults: Record<string, unknown> = {}
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined) defaults[key] = property.default
  }
  const descriptor: NodeDescriptor = {
    type: type.type,
    kind: type.kind,
    version: type.version,
    title: type.title,
    summary: type.summary,
    docs: type.docs,
    config: schema,
    defaults,
    ports: type.ports,
    look: type.look,
    examples: type.examples.map(({ title, config, in: input, out }) => ({
      title,
      config: config as Record<string, unknown>,
      ...(input && { in: input }),
      ...(out && { out }),
    })),
  }
  return JSON.parse(JSON.stringify(descriptor)) as NodeDescriptor
}

/** A field that holds user code, by its dotted path; arrays and alternatives are walked. */
export function codeFields(
  schema: JsonSchema,
  config: unknown,
  path = '',
): { path: string; kind: 'expression' | 'script'; source: string }[] {
  if (config === undefined || config === null) return []
  if ((schema.editor === 'expression' || schema.editor === 'script') && typeof config === 'string') {
    return [{ path, kind: schema.editor, source: config }]
  }
  const join = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`)
  if (schema.properties && typeof config === 'object') {
    return Object.entries(schema.properties).flatMap(([key, property]) =>
      codeFields(property, (config as Record<string, unknown>)[key], join(key)),
    )
  }
  if (schema.items && Array.isArray(config)) {
    const items = schema.items
    return config.flatMap((item, index) => codeFields(items, item, join(index)))
  }
  // Of every alternative, whether it fits or not: code that is missed here would run without consent.
  const found = (schema.anyOf ?? schema.oneOf ?? []).flatMap((option) => codeFields(option, config, path))
  return found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index)
}

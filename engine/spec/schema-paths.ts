/** Finding one's way in a config's JSON Schema: which part of it describes which part of a value. */
import type { JsonSchema } from './descriptor.ts'

/** True for objects with keys; false for arrays and null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The schema that describes the value: the schema itself, or the one of its alternatives that fits by JSON type and
 * by fixed properties (`{ kind: 'a', … } | { kind: 'b', … }`).
 */
export function variantFor(schema: JsonSchema, value: unknown): JsonSchema {
  const options = schema.anyOf ?? schema.oneOf
  if (!options) return schema
  const found = options.find((option) => fits(variantFor(option, value), value))
  return found ? variantFor(found, value) : schema
}

/** The schema of the value at a path, or nothing where the schema has no such place. */
export function schemaAt(
  schema: JsonSchema,
  value: unknown,
  path: readonly string[],
): JsonSchema | undefined {
  let here: JsonSchema | undefined = variantFor(schema, value)
  let inner = value
  for (const key of path) {
    here = childSchema(here, key)
    if (!here) return undefined
    inner = childValue(inner, key)
    here = variantFor(here, inner)
  }
  return here
}

/** The schema of one property or array element. */
export function childSchema(schema: JsonSchema, key: string): JsonSchema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key]
  if (schema.items && /^\d+$/.test(key)) return schema.items
  return isObject(schema.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined
}

/** The value of an own property or array element; never one of the prototype. */
export function childValue(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

/** The name that forms show for a field, else its key: `aggregates.0.field` → "Field", `aggregates.0` → "Aggregates 1". */
export function titleAt(schema: JsonSchema, value: unknown, path: readonly string[]): string {
  const title = schemaAt(schema, value, path)?.title
  if (title !== undefined || path.length === 0) return title ?? ''
  const key = path.at(-1)!
  if (path.length === 1 || !/^\d+$/.test(key)) return key
  return `${titleAt(schema, value, path.slice(0, -1))} ${Number(key) + 1}`
}

/**
 * Keys of a config that its schema does not know, as dotted paths with the known keys beside each. Places that the
 * schema leaves open (records typed in by hand) are skipped.
 */
export function unknownKeys(
  schema: JsonSchema,
  value: unknown,
  path = '',
): { path: string; known: string[] }[] {
  const here = variantFor(schema, value)
  const join = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`)
  if (Array.isArray(value)) {
    const items = here.items
    return items ? value.flatMap((element, index) => unknownKeys(items, element, join(index))) : []
  }
  if (!isObject(value) || !here.properties) return []
  const open = here.additionalProperties === true || isObject(here.additionalProperties)
  return Object.keys(value).flatMap((key) => {
    const child = childSchema(here, key)
    if (child) return unknownKeys(child, value[key], join(key))
    return open ? [] : [{ path: join(key), known: Object.keys(here.properties ?? {}) }]
  })
}

function fits(option: JsonSchema, value: unknown): boolean {
  const types = option.type === undefined ? [] : [option.type].flat()
  if (
    types.length > 0 &&
    !types.includes(jsonType(value)) &&
    !(types.includes('integer') && Number.isInteger(value))
  ) {
    return false
  }
  if (option.const !== undefined && option.const !== value) return false
  if (!isObject(value)) return true
  return Object.entries(option.properties ?? {}).every(([key, property]) => {
    const has = Object.hasOwn(value, key)
    if (property.const !== undefined)
      return has ? value[key] === property.const : property.default !== undefined
    return has || !option.required?.includes(key)
  })
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

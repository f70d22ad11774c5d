/** A config as it is saved: keys in the schema's order, fields at their default left out, unknown keys behind. */
import type { JsonSchema } from '../spec/descriptor.ts'
import { isObject, variantFor } from '../spec/schema-paths.ts'

/**
 * Means the same to the schema as `config` does. Only whole fields are left out: an element of a list says all that
 * it holds, `{ "as": "hits", "fn": "count" }`, because a part of it tells a reader little.
 */
export function tidyConfig(schema: JsonSchema, config: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = schema
  const tidy = Object.entries(ordered(schema, config) as Record<string, unknown>)
  return Object.fromEntries(
    tidy.filter(([key, value]) => {
      const initial = Object.hasOwn(properties, key) ? properties[key]?.default : undefined
      return initial === undefined || !sameJson(value, initial)
    }),
  )
}

/** The same value with its keys in the schema's order, at every depth. */
function ordered(schema: JsonSchema, value: unknown): unknown {
  const here = variantFor(schema, value)
  if (Array.isArray(value)) {
    const items = here.items
    return items ? value.map((element) => ordered(items, element)) : value
  }
  if (!isObject(value) || !here.properties) return value
  const { properties } = here
  const known = Object.entries(properties).filter(
    ([key]) => Object.hasOwn(value, key) && value[key] !== undefined,
  )
  const unknown = Object.entries(value).filter(([key]) => !Object.hasOwn(properties, key))
  return Object.fromEntries([
    ...known.map(([key, property]) => [key, ordered(property, value[key])] as const),
    ...unknown,
  ])
}

/** True where both are the same JSON; the order of keys does not matter. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => sameJson(element, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  )
}

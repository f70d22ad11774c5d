/** A config as it is saved: keys in the schema's order, what equals its default left out, unknown keys behind. */
import type { JsonSchema } from '../spec/descriptor.ts'
import { isObject, variantFor } from '../spec/schema-paths.ts'

/** Means the same to the schema as `value` does. */
export function tidyConfig(schema: JsonSchema, value: unknown): unknown {
  const here = variantFor(schema, value)
  if (Array.isArray(value)) {
    const items = here.items
    return items ? value.map((element) => tidyConfig(items, element)) : value
  }
  if (!isObject(value) || !here.properties) return value
  const tidy: [string, unknown][] = []
  for (const [key, property] of Object.entries(here.properties)) {
    if (!Object.hasOwn(value, key) || value[key] === undefined) continue
    const child = tidyConfig(property, value[key])
    // A fixed value tells alternatives apart, so it stays even where it is also the default.
    const implied = property.const === undefined && property.default !== undefined
    if (!implied || !sameJson(child, tidyConfig(property, property.default))) tidy.push([key, child])
  }
  for (const [key, child] of Object.entries(value)) {
    if (!Object.hasOwn(here.properties, key)) tidy.push([key, child])
  }
  return Object.fromEntries(tidy)
}

/** True where both are the same JSON; the order of keys does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
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

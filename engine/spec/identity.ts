/** When two values are the same group: the keys of `group` and of the aggregate `distinct`. */

/** A key for a Map or Set: same key, same value. */
export type Key = string | number | boolean | bigint | null

/** Marks texts that stand for something else than a text, and texts that begin with the mark itself. */
const MARK = '\u0000'
const DEEPEST = 32

/**
 * The key of one value. 1 and "1" differ; null and missing are one, so is NaN, so are 0 and -0; dates, lists and
 * objects are compared by what they hold.
 * @throws Error for values without content to compare, such as functions
 */
export function keyOf(value: unknown): Key {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === 0 ? MARK + canonicalText(value) : value
    case 'number':
    case 'boolean':
    case 'bigint':
      return value
    case 'undefined':
      return null
    default:
      return value === null ? null : MARK + canonicalText(value)
  }
}

/** The key of several values together. */
export function keyOfAll(values: readonly unknown[]): Key {
  let key = ''
  for (let i = 0; i < values.length; i++) key += canonicalText(values[i])
  return key
}

/** Text that is the same for the same values only: every part says its kind, and texts say their length. */
function canonicalText(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`
    case 'number':
      return `n${value};`
    case 'boolean':
      return value ? 't' : 'f'
    case 'bigint':
      return `b${value};`
    case 'undefined':
      return '-'
    case 'object':
      return value === null ? '-' : canonicalObject(value, depth)
    default:
      throw new Error(`a ${typeof value} cannot be compared with other values`)
  }
}

function canonicalObject(value: object, depth: number): string {
  if (depth === DEEPEST) throw new Error(`the value is nested deeper than ${DEEPEST} levels, or holds itself`)
  if (value instanceof Date) return `d${value.getTime()};`
  if (Array.isArray(value)) return `[${value.map((part) => canonicalText(part, depth + 1)).join('')}]`
  const fields = value as Record<string, unknown>
  const names = Object.keys(fields).sort()
  return `{${names.map((name) => canonicalText(name) + canonicalText(fields[name], depth + 1)).join('')}}`
}

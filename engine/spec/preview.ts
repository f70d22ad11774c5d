/** Records as people see them over the wire: JSON-safe, cut to a size, never the engine's own objects. */

/** Longest text in a preview; the rest is cut and marked. */
const TEXT = 2000
/** Items of an array, keys of an object. */
const WIDTH = 200
const DEPTH = 8
/** Characters of one whole record. */
const BUDGET = 64 * 1024

export interface Preview {
  value: unknown
  /** True where something was cut away. */
  truncated: boolean
}

/** A JSON-safe copy: undefined, NaN, bigint, functions, dates and bytes become text; circles are named. */
export function previewRecord(record: unknown): Preview {
  const state = { budget: BUDGET, truncated: false, above: new Set<object>() }
  const value = copy(record, 0, state)
  return { value, truncated: state.truncated }
}

/** Previews of several records within one budget; `truncated` where any was cut. */
export function previewRecords(records: readonly unknown[]): { records: unknown[]; truncated: boolean } {
  let truncated = false
  const previews = records.map((record) => {
    const preview = previewRecord(record)
    truncated ||= preview.truncated
    return preview.value
  })
  return { records: previews, truncated }
}

interface State {
  budget: number
  truncated: boolean
  above: Set<object>
}

function copy(value: unknown, depth: number, state: State): unknown {
  switch (typeof value) {
    case 'string':
      return cut(value, state)
    case 'number':
      state.budget -= 8
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'undefined':
      return null
    case 'bigint':
      return cut(`${value}n`, state)
    case 'symbol':
    case 'function':
      return cut(String(value), state)
    case 'object':
      return value === null ? null : copyObject(value, depth, state)
  }
}

function copyObject(value: object, depth: number, state: State): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`
  if (state.above.has(value)) return '<circular>'
  if (depth >= DEPTH || state.budget <= 0) {
    state.truncated = true
    return '…'
  }
  state.above.add(value)
  try {
    if (Array.isArray(value) || value instanceof Set) {
      const items = Array.isArray(value) ? value : [...value]
      if (items.length > WIDTH) state.truncated = true
      return items.slice(0, WIDTH).map((item) => copy(item, depth + 1, state))
    }
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    if (entries.length > WIDTH) state.truncated = true
    const result: [string, unknown][] = entries
      .slice(0, WIDTH)
      .map(([key, item]) => [cut(String(key), state), copy(item, depth + 1, state)])
    return Object.fromEntries(result)
  } catch (error) {
    // A getter or proxy of user code threw: a look at it must not break anything.
    return `<unreadable: ${String(error)}>`
  } finally {
    state.above.delete(value)
  }
}

function cut(text: string, state: State): string {
  const room = Math.min(TEXT, Math.max(0, state.budget))
  state.budget -= Math.min(text.length, room) + 2
  if (text.length <= room) return text
  state.truncated = true
  return `${text.slice(0, room)}…`
}

/** Prints JSON for people and for diffs: small things on one line, larger ones broken up, always the same way. */

/** Lines are broken where they would be longer. */
export const PRINT_WIDTH = 120

/**
 * The value as JSON, on one line where it fits.
 * @param indent spaces before the lines that follow the first
 * @param used characters already on the first line
 */
export function printJson(value: unknown, indent = 0, used = indent): string {
  // One character is kept for the comma that may follow.
  const short = oneLine(value, PRINT_WIDTH - used - 1)
  if (short !== undefined) return short
  const inner = ' '.repeat(indent + 2)
  const outer = ' '.repeat(indent)
  if (Array.isArray(value)) {
    const lines = value.map((element) => inner + printJson(element ?? null, indent + 2))
    return `[\n${lines.join(',\n')}\n${outer}]`
  }
  const lines = entriesOf(value as object).map(([key, element]) => {
    const start = `${inner}${JSON.stringify(key)}: `
    return start + printJson(element, indent + 2, start.length)
  })
  return `{\n${lines.join(',\n')}\n${outer}}`
}

/** The value as JSON on one line, or nothing where that is longer than `room`. */
export function oneLine(value: unknown, room = Infinity): string | undefined {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const array = Array.isArray(value)
  const parts: string[] = []
  let length = array ? 2 : 4
  const entries: Iterable<[string, unknown]> = array
    ? value.map((element) => ['', element])
    : entriesOf(value)
  for (const [key, element] of entries) {
    if (length > room) return undefined
    const start = array ? '' : `${JSON.stringify(key)}: `
    const inner = oneLine(element, room - length - start.length)
    if (inner === undefined) return undefined
    parts.push(start + inner)
    length += start.length + inner.length + (parts.length > 1 ? 2 : 0)
  }
  if (parts.length === 0) return array ? '[]' : '{}'
  if (length > room) return undefined
  return array ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
}

/** JSON's own number format; what JSON has no word for becomes null, and -0 becomes 0. */
function scalar(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, element]) => element !== undefined)
}

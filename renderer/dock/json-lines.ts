/** A value as lines of coloured JSON that can be folded: the model behind `json-view.tsx`. */

export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'note'

export interface Token {
  kind: TokenKind
  text: string
}

export interface JsonLine {
  /** Steps of indentation. */
  depth: number
  tokens: Token[]
  /** Path of the object or list that opens here: what a fold is known by. Absent on lines that cannot fold. */
  path?: string
  /** With `path`: whether its content is hidden. */
  folded?: boolean
}

/** Lines shown at most; copying gives all. */
export const MAX_LINES = 2000

/** `folded` holds the paths (JSON Pointers) whose content is hidden. `rest` counts the lines left out. */
export function jsonLines(value: unknown, folded: ReadonlySet<string>): { lines: JsonLine[]; rest: number } {
  const writer: Writer = { lines: [], rest: 0, folded }
  write(writer, { value, path: '', depth: 0, comma: false })
  return { lines: writer.lines, rest: writer.rest }
}

interface Writer {
  lines: JsonLine[]
  rest: number
  folded: ReadonlySet<string>
}

interface Piece {
  value: unknown
  path: string
  depth: number
  key?: string
  comma: boolean
}

function write(writer: Writer, { value, path, depth, key, comma }: Piece): void {
  const head: Token[] = key === undefined ? [] : [token('key', JSON.stringify(key)), token('mark', ': ')]
  const end = comma ? [token('mark', ',')] : []
  const entries = entriesOf(value)
  if (!entries) return put(writer, { depth, tokens: [...head, scalar(value), ...end] })

  const list = Array.isArray(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  if (entries.length === 0)
    return put(writer, { depth, tokens: [...head, token('mark', open + close), ...end] })
  if (writer.folded.has(path)) {
    const hidden = [
      token('mark', `${open} `),
      token('note', countOf(entries.length, list)),
      token('mark', ` ${close}`),
    ]
    return put(writer, { depth, tokens: [...head, ...hidden, ...end], path, folded: true })
  }
  put(writer, { depth, tokens: [...head, token('mark', open)], path, folded: false })
  for (const [index, [name, child]] of entries.entries()) {
    write(writer, {
      value: child,
      path: `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      depth: depth + 1,
      ...(!list && { key: name }),
      comma: index < entries.length - 1,
    })
  }
  put(writer, { depth, tokens: [token('mark', close), ...end] })
}

function put(writer: Writer, line: JsonLine): void {
  if (writer.lines.length < MAX_LINES) writer.lines.push(line)
  else writer.rest++
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value)
}

function countOf(count: number, list: boolean): string {
  const word = list ? 'value' : 'field'
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function scalar(value: unknown): Token {
  if (typeof value === 'string') return token('string', JSON.stringify(value))
  if (typeof value === 'number') return token('number', String(value))
  return token('word', String(value ?? null))
}

function token(kind: TokenKind, text: string): Token {
  return { kind, text }
}

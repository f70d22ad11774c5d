/**
 * Reads JSON text without making values: finds the first mistake with its place (JSON.parse's own message differs
 * between V8 versions and often has no position), doubled keys, numbers that would not survive, and where a path is.
 * A loop, not a recursion: a million brackets cannot overflow the stack.
 */

/** Values nested deeper than this are refused, so that everything after may recurse. */
export const MAX_DEPTH = 100

/** Objects with more keys are refused: engines take seconds for them, and no flow has any. */
export const MAX_KEYS = 100_000

export interface JsonMistake {
  kind: 'syntax' | 'truncated' | 'too-deep' | 'too-wide'
  offset: number
  /** What is wrong, without full stop. */
  what: string
  /** What to do, where the mistake is a known one. */
  hint?: string
}

export interface JsonVisitor {
  /** A value starts; `path` is reused, so copy what you keep. */
  value?(path: readonly (string | number)[], offset: number): void
  /** A key of the object at `path`. `doubled` where the same object had it before. */
  key?(path: readonly (string | number)[], key: string, at: { offset: number; doubled: boolean }): void
  number?(text: string, offset: number): void
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing'

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const NUMBER_BEGUN = /^-$|^-?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?)?$/
const WORDS = ['true', 'false', 'null']
const LONGEST_NUMBER = 1000

/** Walks the text once. Returns the first mistake, or nothing where the text is JSON. */
export function scanJson(text: string, visitor: JsonVisitor = {}): JsonMistake | undefined {
  /** One entry per open bracket: the keys seen, or null for an array. */
  const open: (Set<string> | null)[] = []
  const path: (string | number)[] = []
  let expected = 'value' as Expected
  let at = 0

  const valueEnded = () => {
    expected = open.length === 0 ? 'nothing' : ', or end'
  }

  for (;;) {
    at = skipSpace(text, at)
    if (at >= text.length) {
      return expected === 'nothing' ? undefined : truncated(text, open.length)
    }
    const char = text[at]!
    switch (expected) {
      case 'nothing':
        return syntax(text, at, 'more text follows after its end')
      case ', or end': {
        const keys = open.at(-1)
        if (char === ',') {
          expected = keys ? 'key' : 'value'
          if (!keys) path[path.length - 1] = (path.at(-1) as number) + 1
          at++
        } else if (char === (keys ? '}' : ']')) {
          open.pop()
          path.pop()
          valueEnded()
          at++
        } else return syntax(text, at, `"," or "${keys ? '}' : ']'}" is expected here`)
        break
      }
      case 'key or }':
      case 'key': {
        if (char === '}' && expected === 'key or }') {
          open.pop()
          path.pop()
          valueEnded()
          at++
          break
        }
        if (char !== '"') return syntax(text, at, 'a key in double quotes is expected here')
        const end = stringEnd(text, at)
        if (typeof end !== 'number') return end
        const raw = text.slice(at + 1, end - 1)
        const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
        const keys = open.at(-1)!
        if (keys.size === MAX_KEYS) {
          return { kind: 'too-wide', offset: at, what: `an object has more than ${MAX_KEYS} keys` }
        }
        visitor.key?.(path.slice(0, -1), key, { offset: at, doubled: keys.has(key) })
        keys.add(key)
        path[path.length - 1] = key
        expected = ':'
        at = end
        break
      }
      case ':':
        if (char !== ':') return syntax(text, at, '":" is expected here')
        expected = 'value'
        at++
        break
      case 'value or ]':
      case 'value': {
        if (char === ']' && expected === 'value or ]') {
          open.pop()
          path.pop()
          valueEnded()
          at++
          break
        }
        visitor.value?.(path, at)
        if (char === '{' || char === '[') {
          if (open.length === MAX_DEPTH) {
            return { kind: 'too-deep', offset: at, what: `more than ${MAX_DEPTH} brackets are open here` }
          }
          open.push(char === '{' ? new Set() : null)
          path.push(char === '{' ? '' : 0)
          expected = char === '{' ? 'key or }' : 'value or ]'
          at++
          break
        }
        const end = scalarEnd(text, at)
        if (typeof end !== 'number') return end
        if (char === '-' || (char >= '0' && char <= '9')) visitor.number?.(text.slice(at, end), at)
        at = end
        valueEnded()
      }
    }
  }
}

/** Line and column, both from 1, of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', start)) {
    line++
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}

/** Where the values at these paths start in the text; a path that is not there gets its nearest container's place. */
export function locate(
  text: string,
  paths: readonly (readonly (string | number)[])[],
): { line: number; column: number }[] {
  const deepest = Math.max(0, ...paths.map((path) => path.length))
  const wanted = new Set(paths.flatMap((path) => path.map((_, index) => keyOf(path.slice(0, index + 1)))))
  const offsets = new Map<string, number>()
  scanJson(text, {
    value(path, offset) {
      if (path.length > deepest) return
      const key = keyOf(path)
      if (path.length === 0 || wanted.has(key)) offsets.set(key, offset)
    },
  })
  return paths.map((path) => {
    let length = path.length
    while (length > 0 && !offsets.has(keyOf(path.slice(0, length)))) length--
    return lineAndColumn(text, offsets.get(keyOf(path.slice(0, length))) ?? 0)
  })
}

function keyOf(path: readonly (string | number)[]): string {
  return path.join('\u0000')
}

function skipSpace(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at++
  }
}

function scalarEnd(text: string, at: number): number | JsonMistake {
  if (text[at] === '"') return stringEnd(text, at)
  let end = at
  while (isNumberPart(text.charCodeAt(end))) end++
  const token = text.slice(at, Math.min(end, at + LONGEST_NUMBER + 1))
  if (NUMBER.test(token) && token.length <= LONGEST_NUMBER) return end
  if (end === text.length && NUMBER_BEGUN.test(token)) return truncated(text, 1)
  for (const word of WORDS) if (text.startsWith(word, at)) return at + word.length
  if (WORDS.some((word) => word.startsWith(text.slice(at)))) return truncated(text, 1)
  return syntax(text, at, 'a value is expected here')
}

/** Digits, `+`, `-`, `.`, `e` and `E`; false behind the end of the text. */
function isNumberPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x2b ||
    (code | 0x20) === 0x65
  )
}

/** The offset behind the closing quote. */
function stringEnd(text: string, start: number): number | JsonMistake {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code < 0x20) {
      return code === 0x0a || code === 0x0d
        ? syntax(
            text,
            at,
            'a text is not closed on its line',
            'Close the text with a double quote; write a line break inside as \\n.',
          )
        : syntax(text, at, 'a control character stands inside a text')
    }
    if (code !== 0x5c) continue
    const escape = text[at + 1]
    if (escape === undefined) break
    if (escape === 'u') {
      const digits = text.slice(at + 2, at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
        if (at + 6 > text.length) break
        return syntax(text, at, '"\\u" needs four hexadecimal digits')
      }
      at += 5
    } else if ('"\\/bfnrt'.includes(escape)) at++
    else return syntax(text, at, `"\\${escape}" means nothing in JSON`, 'Write a backslash as \\\\.')
  }
  return truncated(text, 1)
}

function truncated(text: string, open: number): JsonMistake {
  const empty = text.trim() === ''
  return {
    kind: 'truncated',
    offset: text.length,
    what: empty ? 'it is empty' : open > 0 ? 'it ends in the middle' : 'it ends too early',
    hint: empty
      ? 'Take it back from an earlier copy, or begin a new flow.'
      : 'It was cut off, perhaps while it was copied or saved; take it back from an earlier copy.',
  }
}

function syntax(text: string, offset: number, what: string, hint = hintFor(text, offset)): JsonMistake {
  const found = text.codePointAt(offset)!
  const shown =
    found < 0x20 || found === 0x7f ? `a control character (${found})` : String.fromCodePoint(found)
  return { kind: 'syntax', offset, what: `${what}, and there is ${shown}`, hint }
}

function hintFor(text: string, offset: number): string | undefined {
  const rest = text.slice(offset, offset + 8)
  if (/^(<{7}|={7}|>{7})/.test(rest)) return 'Resolve the merge conflict that was left in the file.'
  if (/^\/[/*]/.test(rest)) return 'JSON has no comments; remove it.'
  if (rest.startsWith("'")) return 'Use double quotes.'
  if (/^[}\]]/.test(rest) && text.slice(0, offset).trimEnd().endsWith(','))
    return 'Remove the comma before it.'
  return undefined
}

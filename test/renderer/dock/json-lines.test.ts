/** JSON as lines that fold. */
import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { jsonLines, MAX_LINES } from '../../../renderer/dock/json-lines.ts'

function textOf(value: unknown, folded: string[] = []): string[] {
  return jsonLines(value, new Set(folded)).lines.map(
    (line) => '  '.repeat(line.depth) + line.tokens.map((token) => token.text).join(''),
  )
}

describe('JSON lines', () => {
  test('are the text that JSON.stringify writes, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(textOf(value).join('\n')).toBe(JSON.stringify(value, null, 2))
      }),
    )
  })

  test('colour keys, texts, numbers and words', () => {
    const [, first, second] = jsonLines({ a: 'x', b: [1, null] }, new Set()).lines
    expect(first?.tokens.map((token) => token.kind)).toEqual(['key', 'mark', 'string', 'mark'])
    expect(second?.tokens.map((token) => token.kind)).toEqual(['key', 'mark', 'mark'])
  })

  test('fold an object by its path and count what is hidden', () => {
    expect(textOf({ a: { b: { c: 1 }, d: 2 }, e: [1] }, ['/a', '/e'])).toEqual([
      '{',
      '  "a": { 2 fields },',
      '  "e": [ 1 value ]',
      '}',
    ])
  })

  test('know a path apart from a key with a slash', () => {
    expect(textOf({ 'a/b': [1], a: { b: [2] } }, ['/a/b'])).toContain('    "b": [ 1 value ]')
    expect(textOf({ 'a/b': [1], a: { b: [2] } }, ['/a~1b'])).toContain('  "a/b": [ 1 value ],')
  })

  test('end at a limit and count the rest', () => {
    const { lines, rest } = jsonLines(
      Array.from({ length: MAX_LINES }, (_, index) => index),
      new Set(),
    )
    expect(lines).toHaveLength(MAX_LINES)
    expect(rest).toBe(2)
  })
})

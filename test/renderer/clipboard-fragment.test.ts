/** Copy and paste through text. */
import { expect, test } from 'vitest'
import { fragmentText, readFragment } from '../../renderer/canvas/clipboard-fragment.ts'

const fragment = {
  nodes: { a: { type: 'range', config: { to: 4 } }, b: { type: 'table' } },
  edges: [{ from: 'a.out', to: 'b.in' }],
  layout: { a: [0, 0], b: [288, 0] } as Record<string, [number, number]>,
}

test('what was copied is what is pasted', () => {
  expect(readFragment(fragmentText(fragment))).toEqual({ ok: true, fragment })
})

test('a whole flow file can be pasted too', () => {
  expect(readFragment(JSON.stringify({ weir: 1, name: 'x', ...fragment }))).toMatchObject({ ok: true })
})

test.each([
  ['', 'no text'],
  ['hello', 'text that is no part of a flow'],
  ['[1, 2]', 'JSON that is no part of a flow'],
  ['null', 'JSON that is no part of a flow'],
  ['{"weir-fragment":1,"nodes":{"a":{}}}', 'damaged'],
  ['{"weir-fragment":1,"nodes":{}}', 'empty'],
])('%j is refused with a reason and what to do', (text, reason) => {
  const result = readFragment(text)
  expect(result.ok).toBe(false)
  expect(!result.ok && result.message).toContain(reason)
  expect(!result.ok && result.message).toContain('Copy nodes on a canvas first')
})

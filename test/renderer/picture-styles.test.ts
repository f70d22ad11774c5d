/** Which fonts go into an exported picture. */
import { expect, test } from 'vitest'
import { covers } from '../../renderer/canvas/picture-styles.ts'

test.each([
  ['U+0000-00FF, U+0131', 'abc', true],
  ['U+0131, U+0152-0153', 'abc', false],
  ['U+0131, U+0152-0153', 'œuvre', true],
  ['u+4??', 'Привет', true],
  ['U+0460-052F', 'Привет', false],
  ['U+1F600-1F64F', '😀', true],
  ['', 'anything', true],
  ['U+0000-00FF', '', false],
])('the range %j has letters of %j: %s', (ranges, text, expected) => {
  expect(covers(ranges, text)).toBe(expected)
})

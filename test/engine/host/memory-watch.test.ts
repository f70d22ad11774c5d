/** When a process takes too much of its machine. */
import { expect, test } from 'vitest'
import { isExhausted } from '../../../engine/host/memory-watch.ts'

const GB = 2 ** 30
const total = 16 * GB

test.each([
  ['a run that has much, while much is left', { rss: 8 * GB, free: 6 * GB }, false],
  ['one that has nearly all', { rss: 15 * GB, free: 1 * GB }, true],
  ['one that has most, where hardly anything is left', { rss: 9 * GB, free: 0.4 * GB }, true],
  ['one that has little, where others have taken all', { rss: 1 * GB, free: 0.1 * GB }, false],
  ['one of which nothing but its own size is known', { rss: 9 * GB, free: undefined }, false],
])('%s', (_, { rss, free }, exhausted) => {
  expect(isExhausted({ rss, free, total })).toBe(exhausted)
})

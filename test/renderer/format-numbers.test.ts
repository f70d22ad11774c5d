/** Numbers on edges, cards and chips. */
import { expect, test } from 'vitest'
import {
  formatCount,
  formatPercent,
  formatRate,
  formatRecords,
  formatShort,
} from '../../renderer/canvas/format-numbers.ts'

const plain = (text: string) => text.replaceAll('\u2009', ' ')

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1 000'],
  [2_481_930, '2 481 930'],
  [100_000_000, '100 000 000'],
])('the count %d reads %s', (value, text) => expect(plain(formatCount(value))).toBe(text))

test.each([
  [0, '0'],
  [0.52, '0.5'],
  [9.8, '9.8'],
  [9.96, '10'],
  [50, '50'],
  [999.4, '999'],
  [999.6, '1 k'],
  [12_345, '12.3 k'],
  [99_960, '100 k'],
  [402_000, '402 k'],
  [999_600, '1 M'],
  [1_250_000_000, '1.3 G'],
  [-1500, '-1.5 k'],
  [Infinity, '–'],
])('%d is short for %s', (value, text) => expect(plain(formatShort(value))).toBe(text))

test('an estimate says that it is one', () => {
  expect(plain(formatRecords(12_300, true))).toBe('≈ 12 300')
  expect(formatRecords(12_300, false)).toBe(formatCount(12_300))
})

test('a rate carries its unit', () => {
  expect(plain(formatRate(50))).toBe('50 /s')
  expect(plain(formatRate(12_300))).toBe('12.3 k/s')
})

test('a percentage is 100 only when all is done, and 0 only when nothing is', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(formatPercent).map(plain)).toEqual([
    '0 %',
    '1 %',
    '50 %',
    '99 %',
    '100 %',
  ])
})

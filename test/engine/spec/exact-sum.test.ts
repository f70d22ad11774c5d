/** Exact sums: rounded once, the same in any order and any split. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExactSum } from '../../../engine/spec/exact-sum.ts'

function sumOf(values: readonly number[]): ExactSum {
  const sum = new ExactSum()
  for (const value of values) sum.add(value)
  return sum
}

test('what a plain sum loses to rounding is kept', () => {
  expect(sumOf(Array.from({ length: 10 }, () => 0.1)).value()).toBe(1)
  expect(sumOf([1e100, 1, -1e100]).value()).toBe(1)
  expect(sumOf([2 ** 53, 1, 1]).value()).toBe(2 ** 53 + 2)
  expect(sumOf([2 ** 53 - 1, 2, -3, 0.5]).value()).toBe(2 ** 53 - 2 + 0.5)
})

test('a tie is rounded to even only where it is a tie', () => {
  expect(sumOf([1, 2 ** -53]).value()).toBe(1)
  expect(sumOf([1, 2 ** -53, 2 ** -106]).value()).toBe(1 + 2 ** -52)
  expect(sumOf([1 + 2 ** -52, 2 ** -53, -(2 ** -106)]).value()).toBe(1 + 2 ** -52)
})

test('whole numbers add up as big integers do', () => {
  const whole = fc.array(fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }))
  fc.assert(
    fc.property(whole, (values) => {
      const exact = values.reduce((sum, value) => sum + BigInt(value), 0n)
      expect(sumOf(values).value()).toBe(Number(exact))
    }),
    { seed: 7 },
  )
})

test('order and split change nothing', () => {
  const doubles = fc.array(fc.double({ noNaN: true, min: -1e200, max: 1e200 }))
  fc.assert(
    fc.property(doubles, fc.nat(), fc.nat(), (values, one, other) => {
      const [first, second] = [one % (values.length + 1), other % (values.length + 1)].sort((a, b) => a - b)
      const merged = sumOf(values.slice(0, first))
      merged.merge(sumOf(values.slice(first, second)))
      merged.merge(sumOf(values.slice(second)))
      // Adding 0 makes -0, which a sum never is, into 0.
      const whole = sumOf(values).value() + 0
      expect(merged.value() + 0).toBe(whole)
      expect(sumOf(values.toReversed()).value() + 0).toBe(whole)
    }),
    { seed: 7, numRuns: 500 },
  )
})

test('infinities and NaN come out as plain sums give them', () => {
  expect(sumOf([1, Infinity, 2]).value()).toBe(Infinity)
  expect(sumOf([Infinity, -Infinity]).value()).toBeNaN()
  expect(sumOf([1, NaN]).value()).toBeNaN()
  expect(sumOf([1e308, 1e308]).value()).toBe(Infinity)
  expect(sumOf([]).value()).toBe(0)
})

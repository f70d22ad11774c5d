/** The token bucket: exact over the long run, bursts after idle time only, late timers made up for. */
import { expect, test } from 'vitest'
import { TokenBucket } from '../../../engine/spec/token-bucket.ts'

test('starts full and then gives one token per interval', () => {
  const bucket = new TokenBucket(10, 3, 1000)
  expect(bucket.due(1000)).toBe(3)
  bucket.take(3)
  expect(bucket.due(1000)).toBe(0)
  expect(bucket.wait(1000)).toBe(100)
  expect(bucket.due(1099)).toBe(0)
  expect(bucket.due(1100)).toBe(1)
  expect(bucket.due(1250)).toBe(2)
})

test('does not drift: the millionth token at a rate of 3 is due when it should be', () => {
  const bucket = new TokenBucket(3, 1, 0)
  let now = 0
  let late = 0
  for (let taken = 0; taken <= 1_000_000; taken++) {
    now += bucket.wait(now)
    if (bucket.due(now) !== 1) late++
    bucket.take(1)
  }
  expect(late).toBe(0)
  expect(now).toBeCloseTo(1_000_000_000 / 3, 3)
})

test('time in which nobody wanted a token gives a burst and no more', () => {
  const bucket = new TokenBucket(10, 5, 0)
  bucket.take(5)
  bucket.idle(0, 200)
  expect(bucket.due(200)).toBe(2)
  bucket.take(2)
  bucket.idle(200, 3_600_000)
  expect(bucket.due(3_600_000)).toBe(5)
})

test('a timer that is late loses nothing, a machine that slept does not catch up', () => {
  const bucket = new TokenBucket(1000, 1, 0)
  bucket.take(1)
  bucket.waited(15)
  expect(bucket.due(15)).toBe(15)
  bucket.take(15)
  bucket.waited(3_600_000)
  expect(bucket.due(3_600_000)).toBe(20)
})

test('what is already due survives a short wait for input', () => {
  const bucket = new TokenBucket(1_000_000, 1, 0)
  bucket.take(1)
  bucket.waited(2)
  bucket.take(1024)
  bucket.idle(2, 2.1)
  expect(bucket.due(2.1)).toBe(2000 - 1024)
  bucket.idle(2.1, 500)
  expect(bucket.due(500)).toBe(1)
})

/** Backoff of a process that crashes. */
import { expect, test } from 'vitest'
import { RestartPolicy } from '../../electron/restart-policy.ts'

test('the second crash waits longer, and the third within a minute gives up', () => {
  const policy = new RestartPolicy()
  expect([policy.crashed(0), policy.crashed(20_000), policy.crashed(59_999)]).toEqual([500, 1000, null])
})

test('crashes further apart back off to eight seconds and never give up', () => {
  const policy = new RestartPolicy()
  const delays = Array.from({ length: 7 }, (_, index) => policy.crashed(index * 40_000))
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000])
})

test('after five quiet minutes the first delay is back', () => {
  const policy = new RestartPolicy()
  policy.crashed(0)
  policy.crashed(40_000)
  expect(policy.crashed(40_000 + 5 * 60_000)).toBe(500)
})

test('a person’s retry starts the count again', () => {
  const policy = new RestartPolicy()
  policy.crashed(0)
  policy.crashed(1)
  policy.crashed(2)
  policy.forgive()
  expect(policy.crashed(3)).toBe(500)
})

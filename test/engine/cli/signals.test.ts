/** The first signal asks, the second insists. */
import { afterEach, expect, test, vi } from 'vitest'
import { onSignals } from '../../../engine/cli/signals.ts'

let stop = () => {}
afterEach(() => {
  stop()
  vi.restoreAllMocks()
})

test('the first signal asks once, the second ends the process with its status', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never)
  const asked: string[] = []
  stop = onSignals((signal) => asked.push(signal))
  process.emit('SIGINT')
  expect([asked, exit.mock.calls]).toEqual([['SIGINT'], []])
  process.emit('SIGTERM')
  expect([asked, exit.mock.calls]).toEqual([['SIGINT'], [[143]]])
})

test('after the end of listening the listeners are gone', () => {
  const before = process.listenerCount('SIGINT')
  const end = onSignals(() => {})
  expect(process.listenerCount('SIGINT')).toBe(before + 1)
  end()
  expect(process.listenerCount('SIGINT')).toBe(before)
})

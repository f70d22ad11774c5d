/** Calls from a page: who may make them and with what. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answerCall } from '../../electron/answer-call.ts'
import type { CallHandlers } from '../../electron/answer-call.ts'
import { CallError } from '../../electron/call-error.ts'

const open = vi.fn<(payload: unknown, event: string) => Promise<unknown>>()
const handlers = { 'document:open-path': open } as unknown as CallHandlers<string>
const call = { name: 'document:open-path', payload: { path: '/a' }, event: 'event', trusted: true }

beforeEach(() => {
  open.mockReset()
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => vi.restoreAllMocks())

test('a call that fits is answered with what its handler returns', async () => {
  open.mockResolvedValue('opened')
  expect(await answerCall(handlers, call)).toEqual({ ok: true, value: 'opened' })
  expect(open).toHaveBeenCalledWith({ path: '/a' }, 'event')
})

test('another page is refused before anything is looked at', async () => {
  expect(await answerCall(handlers, { ...call, trusted: false })).toMatchObject({
    error: { code: 'refused' },
  })
  expect(open).not.toHaveBeenCalled()
})

test.each(['document:none', 'constructor', '__proto__', ''])('there is no call %j', async (name) => {
  expect(await answerCall(handlers, { ...call, name })).toMatchObject({
    ok: false,
    error: { code: 'bad-request' },
  })
})

test.each([
  undefined,
  null,
  '/a',
  {},
  { path: '' },
  { path: 7 },
  { path: '/a', more: 1 },
  { path: 'x'.repeat(5000) },
])('the payload %j does not reach the handler', async (payload) => {
  expect(await answerCall(handlers, { ...call, payload })).toMatchObject({ error: { code: 'bad-request' } })
  expect(open).not.toHaveBeenCalled()
})

test('an expected failure keeps its code and remedy, an unexpected one its text', async () => {
  open.mockRejectedValueOnce(new CallError('changed-on-disk', 'It changed.', 'Look at it.'))
  expect(await answerCall(handlers, call)).toEqual({
    ok: false,
    error: { code: 'changed-on-disk', message: 'It changed.', remedy: 'Look at it.' },
  })
  open.mockRejectedValueOnce(new TypeError('oops'))
  expect(await answerCall(handlers, call)).toEqual({ ok: false, error: { code: 'failed', message: 'oops' } })
})

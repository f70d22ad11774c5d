/** One call from a page, checked and answered. Apart from Electron, so that it can be tested in plain Node. */
import { z } from 'zod'
import type { Answer } from '../renderer/shell/bridge.ts'
import { CallError, wireError } from './call-error.ts'
import { calls } from './channels.ts'
import type { CallName, CallReplies, Checked } from './channels.ts'

/** A function for each call there is. */
export type CallHandlers<Event> = {
  [Name in CallName]: (payload: Checked<Name>, event: Event) => CallReplies[Name] | Promise<CallReplies[Name]>
}

export interface IncomingCall<Event> {
  name: string
  payload: unknown
  event: Event
  /** True where it comes from our own page. */
  trusted: boolean
}

/** Never throws: a failure is an answer. */
export async function answerCall<Event>(
  handlers: CallHandlers<Event>,
  call: IncomingCall<Event>,
): Promise<Answer<unknown>> {
  try {
    if (!call.trusted) throw new CallError('refused', `The call ${call.name} came from another page.`, '')
    if (!Object.hasOwn(calls, call.name))
      throw new CallError('bad-request', `There is no call ${call.name}.`, '')
    const name = call.name as CallName
    const payload = calls[name].safeParse(call.payload)
    if (!payload.success) {
      throw new CallError(
        'bad-request',
        `The call ${name} does not fit: ${z.prettifyError(payload.error)}`,
        '',
      )
    }
    const handler = handlers[name] as (payload: unknown, event: Event) => unknown
    return { ok: true, value: await handler(payload.data, call.event) }
  } catch (error) {
    if (!(error instanceof CallError) || error.code === 'refused' || error.code === 'bad-request') {
      console.warn(`The call ${call.name} failed:`, error)
    }
    return { ok: false, error: wireError(error) }
  }
}

/** The engine's end of the wire: checks every request where it enters, and turns failures into plain data. */
import { createBirpc } from 'birpc'
import { z } from 'zod'
import { reasonOf } from '../spec/expression.ts'
import { AccessError } from './access-error.ts'
import type { Port } from './port.ts'
import { requests } from './requests.ts'
import type { Events, Replies, RequestName, WireError } from './protocol.ts'

/** One function per request, over checked parameters. */
export type Handlers = {
  [Name in RequestName]: (params: z.output<(typeof requests)[Name]>) => Promise<Replies[Name]> | Replies[Name]
}

export interface Connection {
  send<Name extends keyof Events>(event: Name, payload: Events[Name]): void
}

interface ClientFunctions {
  event(name: string, payload: unknown): void
}

/** Serves requests on a port until it closes. Whatever arrives, the answer is data, never a stack trace. */
export function serveConnection(port: Port, handlers: Handlers): Connection {
  const answer = async (name: string, params: unknown) => {
    try {
      if (!Object.hasOwn(requests, name))
        throw new AccessError('bad-request', `There is no request "${name}".`, '')
      const known = name as RequestName
      const parsed = requests[known].safeParse(params)
      if (!parsed.success) {
        throw new AccessError(
          'bad-request',
          `${name}: ${z.prettifyError(parsed.error)}`,
          'Correct the request.',
        )
      }
      const handler = handlers[known] as (params: unknown) => unknown
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      return { ok: false, error: wireError(error) }
    }
  }
  const rpc = createBirpc<ClientFunctions, { request: typeof answer }>(
    { request: answer },
    { post: (message) => port.send(message), on: (listener) => port.onMessage(listener), timeout: -1 },
  )
  return { send: (event, payload) => void rpc.event.asEvent(event, payload) }
}

function wireError(error: unknown): WireError {
  if (error instanceof AccessError) return { code: error.code, message: error.message, remedy: error.remedy }
  return { code: 'failed', message: reasonOf(error) }
}

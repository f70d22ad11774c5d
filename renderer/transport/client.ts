/** The renderer's end of the wire: typed requests and events over any carrier. */
import { createBirpc } from 'birpc'
import type { Events, Params, Replies, RequestName, WireError, WirePort } from '../../engine/host/protocol.ts'

/** Why a request failed, as the engine told it. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: WireError['code'] | 'disconnected'
  readonly remedy: string
  constructor(code: RequestError['code'], message: string, remedy = '') {
    super(message)
    this.code = code
    this.remedy = remedy
  }
}

export interface EngineClient {
  /** @throws RequestError */
  request<Name extends RequestName>(name: Name, params: Params<Name>): Promise<Replies[Name]>
  on<Name extends keyof Events>(event: Name, listener: (payload: Events[Name]) => void): () => void
  onClose(listener: () => void): void
  close(): void
}

/** What the engine session offers; one entry, so that checking happens in one place. */
interface SessionFunctions {
  request(name: string, params: unknown): { ok: true; value: unknown } | { ok: false; error: WireError }
}
interface ClientFunctions {
  event(name: string, payload: unknown): void
}

export function connectClient(port: WirePort): EngineClient {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const closers: (() => void)[] = []
  let closed = false
  const rpc = createBirpc<SessionFunctions, ClientFunctions>(
    {
      event(name, payload) {
        for (const listener of listeners.get(name) ?? []) listener(payload as never)
      },
    },
    { post: (message) => port.send(message), on: (listener) => port.onMessage(listener), timeout: 60_000 },
  )
  port.onClose(() => {
    closed = true
    rpc.$close(new RequestError('disconnected', 'The engine is not connected.'))
    closers.forEach((listener) => listener())
  })
  return {
    async request(name, params) {
      if (closed)
        throw new RequestError('disconnected', 'The engine is not connected.', 'Wait until it is back.')
      const reply = await rpc.request(name, params)
      if (!reply.ok) throw new RequestError(reply.error.code, reply.error.message, reply.error.remedy)
      return reply.value as never
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      set.add(listener as (payload: never) => void)
      return () => void set.delete(listener as (payload: never) => void)
    },
    onClose: (listener) => void closers.push(listener),
    close: () => port.close(),
  }
}

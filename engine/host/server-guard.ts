/** Whom `weir serve` talks to: requests addressed to this machine by name, from pages that it served itself. */
import type { IncomingMessage } from 'node:http'
import { hasTokenCookie } from './server-token.ts'

/** What is wrong with a request, as an HTTP status and a sentence. */
export interface Refusal {
  status: number
  message: string
}

export interface Guard {
  port: number
  token: string
}

const LOCAL_NAMES = ['127.0.0.1', 'localhost']

/** The address that a request claims to go to must be ours; a foreign name is DNS rebinding. */
export function refusedHost(request: IncomingMessage, { port }: Guard): Refusal | undefined {
  const host = request.headers.host?.toLowerCase()
  if (host !== undefined && LOCAL_NAMES.some((name) => host === `${name}:${port}`)) return undefined
  if (host !== undefined && port === 80 && LOCAL_NAMES.includes(host)) return undefined
  return {
    status: 403,
    message: `This server answers only to 127.0.0.1:${port} and localhost:${port}. Open the address that weir serve printed.`,
  }
}

/** Requests that change or reveal something by script must come from a page of this very host and port. */
export function refusedOrigin(request: IncomingMessage): Refusal | undefined {
  // Compared with Host, which `refusedHost` has found to be ours: the page and the request share one name.
  if (request.headers.origin === `http://${request.headers.host?.toLowerCase()}`) return undefined
  return { status: 403, message: 'This request came from another site and was refused.' }
}

export function refusedCookie(request: IncomingMessage, { port, token }: Guard): Refusal | undefined {
  if (hasTokenCookie(request.headers.cookie, port, token)) return undefined
  return {
    status: 401,
    message: 'The key is missing or old. Open the address that weir serve printed; it ends in ?token=…',
  }
}

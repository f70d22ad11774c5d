/**
 * The local server of `weir serve`: the studio's files, uploads, and the engine over a WebSocket, for one
 * person on this machine. Everything but the printed address itself needs the key (`server-token.ts`).
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { AccessError } from './access-error.ts'
import { listExamples } from './examples.ts'
import type { Port } from './port.ts'
import { refusedCookie, refusedHost, refusedOrigin } from './server-guard.ts'
import type { Guard, Refusal } from './server-guard.ts'
import { SECURITY_HEADERS } from './server-headers.ts'
import { studioFiles } from './server-static.ts'
import { newToken, sameToken, tokenCookie } from './server-token.ts'
import { receiveUpload, UploadTooLarge } from './server-upload.ts'
import { keepAlive, MAX_PAYLOAD, webSocketPort } from './web-socket-port.ts'

/** Connections at a time; one page uses two. */
const MAX_CLIENTS = 64
const PING_MS = 15_000

export interface ServerOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** Real path of the folder that uploads go below. */
  root: string
  /** The built studio: the folder with its index.html. */
  rendererDir: string
  examplesDir: string
  /** Given each client's connection: `createEngineHost(…).accept`. */
  accept: (port: Port) => void
  /** Bytes of one upload at most. */
  uploadLimit?: number
  /** A client that has not answered the last ping by the next one is cut off. */
  pingMs?: number
}

export interface RunningServer {
  /** With the key in it: for the person, once. */
  url: string
  port: number
  token: string
  /** Stops listening and ends every connection. */
  close(): Promise<void>
}

/** Listens on 127.0.0.1. Rejects with an `AccessError` where the studio is not built or the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const files = studioFiles(options.rendererDir)
  const http = createServer()
  const port = await listen(http, options.port ?? 0)
  const guard: Guard = { port, token: newToken() }

  http.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    const refusal = refusedHost(request, guard)
    if (refusal) return refuse(response, refusal)
    answer(request, response, { options, guard, files }).catch((error: unknown) => fail(response, error))
  })

  const engine = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD, perMessageDeflate: false })
  const stopPings = keepAlive(engine.clients, options.pingMs ?? PING_MS)
  http.on('upgrade', (request, socket: Socket, head) => {
    // The other end may be gone while we answer; that is its own affair.
    socket.on('error', () => {})
    const refusal = refusedUpgrade(request, guard, engine.clients)
    if (refusal) return refuseUpgrade(socket, refusal)
    engine.handleUpgrade(request, socket, head, (client) => options.accept(webSocketPort(client)))
  })

  return {
    url: `http://127.0.0.1:${port}/?token=${guard.token}`,
    port,
    token: guard.token,
    async close() {
      stopPings()
      for (const client of engine.clients) client.terminate()
      engine.close()
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
    },
  }
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        new AccessError(
          'failed',
          taken
            ? `Port ${port} is taken by another program.`
            : `Port ${port} cannot be used: ${error.message}.`,
          'Give another --port, or leave it out to take a free one.',
        ),
      )
    })
    // Only this machine: the address is not reachable from a network, whatever the firewall says.
    http.listen(port, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
  })
}

interface Context {
  options: ServerOptions
  guard: Guard
  files: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { options, guard, files } = context
  const url = requestUrl(request)
  if (!url) return refuse(response, { status: 400, message: 'The address is malformed.' })
  if (url.searchParams.has('token') && request.method === 'GET') return admit(url, response, guard)

  const noCookie = refusedCookie(request, guard)
  if (noCookie) return refuse(response, noCookie)

  if (url.pathname === '/upload') {
    if (request.method !== 'POST') return refuseMethod(response, 'POST')
    const foreign = refusedOrigin(request)
    if (foreign) return refuse(response, foreign)
    const name = url.searchParams.get('name') ?? ''
    return sendJson(
      response,
      await receiveUpload(request, { root: options.root, name, limit: options.uploadLimit }),
    )
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, 'GET, HEAD')
  if (url.pathname === '/examples') return sendJson(response, await listExamples(options.examplesDir))
  files(request, response, () =>
    refuse(response, { status: 404, message: `There is no ${url.pathname} here.` }),
  )
}

/** The address that was printed: trades the key in it for a cookie and takes it out of sight. */
function admit(url: URL, response: ServerResponse, { port, token }: Guard): void {
  if (!sameToken(url.searchParams.get('token'), token)) {
    return refuse(response, {
      status: 403,
      message:
        'The key in this address is wrong or of an earlier start. Open the address that weir serve printed last.',
    })
  }
  url.searchParams.delete('token')
  response.writeHead(303, {
    // The path alone, so that nothing can turn this into a redirect to elsewhere.
    Location: `/${url.pathname.replace(/^\/+/, '')}${url.search}`,
    'Set-Cookie': tokenCookie(port, token),
    'Cache-Control': 'no-store',
  })
  response.end()
}

function refusedUpgrade(
  request: IncomingMessage,
  guard: Guard,
  clients: ReadonlySet<WebSocket>,
): Refusal | undefined {
  const wrong = refusedHost(request, guard) ?? refusedOrigin(request) ?? refusedCookie(request, guard)
  if (wrong) return wrong
  if (requestUrl(request)?.pathname !== '/engine')
    return { status: 404, message: 'The engine is at /engine.' }
  if (clients.size >= MAX_CLIENTS)
    return { status: 503, message: 'Too many pages are open. Close some of them.' }
  return undefined
}

function requestUrl(request: IncomingMessage): URL | undefined {
  // The base is only there to parse against; `refusedHost` has judged the real one.
  return URL.canParse(request.url ?? '', 'http://127.0.0.1')
    ? new URL(request.url!, 'http://127.0.0.1')
    : undefined
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    // What was not read of a refused body must not be taken for the next request.
    Connection: 'close',
  })
  response.end(`${message}\n`)
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed)
  refuse(response, { status: 405, message: `Only ${allowed} is answered here.` })
}

function fail(response: ServerResponse, error: unknown): void {
  if (error instanceof UploadTooLarge) {
    return refuse(response, { status: 413, message: error.message })
  }
  if (error instanceof AccessError) {
    return refuse(response, {
      status: error.code === 'refused' ? 403 : 500,
      message: `${error.message} ${error.remedy}`,
    })
  }
  refuse(response, { status: 500, message: 'The server failed at this request.' })
}

function refuseUpgrade(socket: Socket, { status, message }: Refusal): void {
  const body = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

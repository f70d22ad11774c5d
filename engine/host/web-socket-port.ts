/** A WebSocket as a `Port`: one JSON value per text frame. */
import type { WebSocket } from 'ws'
import { MAX_FLOW_BYTES } from '../flow/model.ts'
import type { Port } from './port.ts'

/** Largest message a client may send: a flow's text, of which JSON makes at most six times as much, and its envelope. */
export const MAX_PAYLOAD = 6 * MAX_FLOW_BYTES + 1024 * 1024
/** A client that reads so slowly that this much waits for it is cut off; it may connect again. */
const MAX_WAITING = 2 * MAX_PAYLOAD

/** Close codes of RFC 6455. */
const UNSUPPORTED_DATA = 1003
const INVALID_PAYLOAD = 1007

export function webSocketPort(socket: WebSocket): Port {
  const listeners: ((message: unknown) => void)[] = []
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(UNSUPPORTED_DATA, 'text frames only')
    let message: unknown
    try {
      message = JSON.parse(data.toString())
    } catch {
      return socket.close(INVALID_PAYLOAD, 'not JSON')
    }
    for (const listener of listeners) listener(message)
  })
  // ws reports protocol errors here and closes the socket itself; 'close' follows and tells whoever listens.
  socket.on('error', () => {})
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      socket.send(JSON.stringify(message))
      if (socket.bufferedAmount > MAX_WAITING) socket.terminate()
    },
    onMessage: (listener) => void listeners.push(listener),
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) queueMicrotask(listener)
      else socket.once('close', () => listener())
    },
    close: () => socket.close(),
  }
}

/** Finds dead connections: whoever did not answer the last ping by the next one is cut off. Returns the end of it. */
export function keepAlive(sockets: ReadonlySet<WebSocket>, everyMs: number): () => void {
  const answered = new WeakSet<WebSocket>()
  const asked = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (asked.has(socket) && !answered.has(socket)) {
        socket.terminate()
        continue
      }
      if (!asked.has(socket)) socket.on('pong', () => answered.add(socket))
      asked.add(socket)
      answered.delete(socket)
      socket.ping()
    }
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

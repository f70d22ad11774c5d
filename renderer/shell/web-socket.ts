/** The engine's WebSocket as a `WirePort`, one JSON value per frame. */
import type { WirePort } from '../../engine/host/protocol.ts'

/** Resolves once it is open; rejects where the server refused it or is not there (a browser does not tell which). */
export function openSocket(url: string): Promise<WirePort> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    const listeners: ((message: unknown) => void)[] = []
    const closers: (() => void)[] = []
    socket.addEventListener('message', (event) => {
      const message: unknown = JSON.parse(String(event.data))
      for (const listener of listeners) listener(message)
    })
    socket.addEventListener('close', () => {
      reject(new Error('The connection to the server could not be opened.'))
      for (const listener of closers.splice(0)) listener()
    })
    socket.addEventListener('open', () =>
      resolve({
        send(message) {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
        },
        onMessage: (listener) => void listeners.push(listener),
        onClose(listener) {
          if (socket.readyState === WebSocket.CLOSED) queueMicrotask(listener)
          else closers.push(listener)
        },
        close: () => socket.close(),
      }),
    )
  })
}

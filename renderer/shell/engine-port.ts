/** Receives the MessagePort to the engine process, which the preload hands over as a window message. */
import type { WirePort } from '../../engine/host/protocol.ts'
import type { EnginePortMessage } from './bridge.ts'

/** What is needed of `window`; tests bring their own. */
export interface PortWindow {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

/** Listens for the one message that carries our nonce and comes from this very window. */
export function receiveEnginePort(
  page: PortWindow,
  nonce: string = crypto.randomUUID(),
): { nonce: string; port: Promise<WirePort>; stop(): void } {
  let resolve: (port: WirePort) => void
  const arrived = new Promise<WirePort>((settle) => (resolve = settle))
  const listener = (event: MessageEvent) => {
    const message = event.data as Partial<EnginePortMessage> | null
    const [port] = event.ports
    if (
      event.source !== (page as unknown) ||
      message?.weir !== 'engine-port' ||
      message.nonce !== nonce ||
      !port
    ) {
      return
    }
    page.removeEventListener('message', listener)
    resolve(messagePort(port))
  }
  page.addEventListener('message', listener)
  return { nonce, port: arrived, stop: () => page.removeEventListener('message', listener) }
}

/** A `WirePort` over a MessagePort. Messages that came before the first listener are kept for it. */
export function messagePort(port: MessagePort): WirePort {
  const closers: (() => void)[] = []
  let closed = false
  const finish = () => {
    if (closed) return
    closed = true
    closers.forEach((listener) => listener())
  }
  port.addEventListener('close', finish)
  return {
    send: (message) => {
      if (!closed) port.postMessage(message)
    },
    onMessage(listener) {
      port.addEventListener('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => {
      if (closed) queueMicrotask(listener)
      else closers.push(listener)
    },
    close() {
      port.close()
      // The end that closes gets no `close` event.
      queueMicrotask(finish)
    },
  }
}

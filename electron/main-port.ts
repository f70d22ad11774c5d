/** The engine's `Port` over Electron's MessagePortMain. */
import type { MessagePortMain } from 'electron'
import type { Port } from '../engine/host/port.ts'

/** Ports that are open. A port that nothing refers to is collected, and closes without a word. */
const open = new Set<MessagePortMain>()

/** Messages that came before the first listener are kept for it. */
export function mainPort(port: MessagePortMain): Port {
  const closers: (() => void)[] = []
  open.add(port)
  const finish = () => {
    if (!open.delete(port)) return
    closers.forEach((listener) => listener())
  }
  port.on('close', finish)
  return {
    send(message) {
      if (open.has(port)) port.postMessage(message)
    },
    onMessage(listener) {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose(listener) {
      if (open.has(port)) closers.push(listener)
      else queueMicrotask(listener)
    },
    close() {
      port.close()
      queueMicrotask(finish)
    },
  }
}

/** How many are open. */
export function openPorts(): number {
  return open.size
}

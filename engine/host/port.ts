/** One interface for every carrier of messages: MessagePort, WebSocket, worker, in-memory pair. */

/** Messages are JSON-safe objects. Order is kept; nothing is transferred. */
export interface Port {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the other end is gone or `close` was called. */
  onClose(listener: () => void): void
  close(): void
}

/** Two ports that talk to each other in one process; delivery is asynchronous, as on a real carrier. */
export function memoryPortPair(): [Port, Port] {
  const ends = [newEnd(), newEnd()] as const
  const port = (mine: End, theirs: End): Port => ({
    send(message) {
      if (mine.closed) return
      const copy = structuredClone(message)
      queueMicrotask(() => {
        if (!theirs.closed) for (const listener of theirs.messages) listener(copy)
      })
    },
    onMessage: (listener) => void mine.messages.push(listener),
    onClose: (listener) => void mine.closes.push(listener),
    close() {
      for (const end of [mine, theirs]) {
        if (end.closed) continue
        end.closed = true
        queueMicrotask(() => end.closes.forEach((listener) => listener()))
      }
    },
  })
  return [port(ends[0], ends[1]), port(ends[1], ends[0])]
}

interface End {
  closed: boolean
  messages: ((message: unknown) => void)[]
  closes: (() => void)[]
}

function newEnd(): End {
  return { closed: false, messages: [], closes: [] }
}

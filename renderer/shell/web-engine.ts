/** Connects to the engine of `weir serve`, again and again: the server may be restarted, the machine may sleep. */
import type { WirePort } from '../../engine/host/protocol.ts'
import { RequestError } from '../transport/client.ts'
import type { EngineStatus } from './shell.ts'

/** Waits between tries: doubled each time, up to the last. */
const FIRST_WAIT_MS = 500
const LAST_WAIT_MS = 8000
/** A connection that ended sooner than this counts as a failed try, so that a crash at the start does not spin. */
const STEADY_MS = 5000

const LOST = 'The connection to weir serve was lost.'
const GONE = 'This page belongs to an earlier start of weir serve. Open the address that it printed last.'

export interface WebEngineOptions {
  open: () => Promise<WirePort>
  /** False where the server is there but refuses this page's key. Throws where it is not there. */
  admitted: () => Promise<boolean>
}

export interface WebEngine {
  /** Keeps trying until there is a connection; rejects only where trying is no use. */
  connect(): Promise<WirePort>
  /** Tries now instead of later; after `gone` the next `connect` tries. */
  retryNow(): void
  onStatus(listener: (status: EngineStatus) => void): () => void
}

export function createWebEngine({ open, admitted }: WebEngineOptions): WebEngine {
  const listeners = new Set<(status: EngineStatus) => void>()
  let status: EngineStatus = { state: 'connecting' }
  let failures = 0
  let wake: () => void = () => {}

  function tell(next: EngineStatus): void {
    status = next
    for (const listener of listeners) listener(next)
  }

  async function pause(): Promise<void> {
    const restartInMs = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
    tell({ state: 'crashed', reason: LOST, restartInMs })
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restartInMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function attempt(): Promise<WirePort | undefined> {
    try {
      const port = await open()
      const since = performance.now()
      tell({ state: 'ready' })
      port.onClose(() => {
        failures = performance.now() - since < STEADY_MS ? failures + 1 : 0
        tell({ state: 'crashed', reason: LOST, restartInMs: 0 })
      })
      return port
    } catch {
      failures++
    }
    // A browser hides why a WebSocket was refused; a plain request tells.
    if (await admitted().catch(() => true)) return undefined
    tell({ state: 'gone', reason: GONE })
    throw new RequestError('refused', GONE)
  }

  return {
    async connect() {
      for (;;) {
        if (failures > 0) await pause()
        if (status.state !== 'connecting') tell({ state: 'connecting' })
        const port = await attempt()
        if (port) return port
      }
    },
    retryNow() {
      failures = 0
      // Whoever waits for the end of `gone` connects again.
      if (status.state === 'gone') tell({ state: 'connecting' })
      wake()
    },
    onStatus(listener) {
      listeners.add(listener)
      listener(status)
      return () => void listeners.delete(listener)
    },
  }
}

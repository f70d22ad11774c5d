/** The engine as a host of sessions: gives each connected client its session and keeps it over a reload. */
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'
import { AccessError } from './access-error.ts'
import { serveConnection } from './connection.ts'
import type { Connection, Handlers } from './connection.ts'
import type { FileAccess } from './file-access.ts'
import type { Port } from './port.ts'
import { PROTOCOL_VERSION } from './protocol.ts'
import { requests } from './requests.ts'
import type { RequestName } from './protocol.ts'
import { Session } from './session.ts'
import type { EngineParts } from './session.ts'
import { createTrustStore } from './trust.ts'

export interface EngineHostOptions {
  /** The built `worker.js`. */
  workerUrl: URL
  /** File that remembers which code may run; null keeps it in memory. */
  trustFile: string | null
  /** Folder of the bundled flows, whose code is trusted. */
  examplesDir: string | null
  version: string
  files?: FileAccess
  /** Absolute path of the flow that clients open first. */
  open?: string
  /** Heap of a run's worker at most, in MB; absent takes what fits the machine. */
  heapLimitMb?: number
}

export interface EngineHost {
  /** Serves a client on this port until it closes. */
  accept(port: Port): void
  /** Stops all runs. */
  close(): Promise<void>
}

/** A client that does not come back within this time has its run stopped and forgotten. */
const LINGER_MS = 15_000

export function createEngineHost(options: EngineHostOptions): EngineHost {
  const { workerUrl, version, files, open, heapLimitMb } = options
  const registry = createRegistry(nodeTypes)
  const trust = createTrustStore(options.trustFile)
  const loaded =
    options.examplesDir === null ? Promise.resolve() : trust.loadExamples(options.examplesDir, registry)
  const parts: EngineParts = { workerUrl, registry, trust, version, files, open, heapLimitMb }
  const sessions = new Map<string, { session: Session; lingering?: NodeJS.Timeout }>()

  const drop = (clientId: string) => {
    const entry = sessions.get(clientId)
    sessions.delete(clientId)
    return entry?.session.close()
  }

  return {
    accept(port) {
      let mine: { clientId: string; session: Session } | undefined
      const greeted = () => {
        if (!mine) throw new AccessError('bad-request', 'Say hello first.', 'Send a hello request.')
        return mine.session
      }
      const handlers = {
        async hello({ protocol, clientId }) {
          if (protocol !== PROTOCOL_VERSION) {
            throw new AccessError(
              'refused',
              `This engine speaks version ${PROTOCOL_VERSION} of the protocol, the client version ${protocol}.`,
              'Reload the window, or update the older of the two.',
            )
          }
          await loaded
          const entry = sessions.get(clientId) ?? { session: new Session(parts) }
          clearTimeout(entry.lingering)
          entry.lingering = undefined
          sessions.set(clientId, entry)
          mine = { clientId, session: entry.session }
          const reply = await entry.session.hello()
          entry.session.attach(connection)
          return reply
        },
      } as Handlers
      for (const name of Object.keys(requests) as RequestName[]) {
        if (name === 'hello') continue
        handlers[name] = ((params: never) =>
          (greeted().handlers[name] as (params: never) => unknown)(params)) as never
      }
      const connection: Connection = serveConnection(port, handlers)
      port.onClose(() => {
        if (!mine || !mine.session.detach(connection)) return
        const { clientId } = mine
        const entry = sessions.get(clientId)
        if (entry) {
          entry.lingering = setTimeout(() => void drop(clientId), LINGER_MS)
          entry.lingering.unref?.()
        }
      })
    },
    async close() {
      await Promise.all([...sessions.keys()].map(drop))
    },
  }
}

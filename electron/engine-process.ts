/** The entry of the engine process: one engine, and a session on it for every port that main hands over. */
import { createEngineHost } from '../engine/host/engine-host.ts'
import type { EngineProcessOptions, FromEngineProcess, ToEngineProcess } from './engine-messages.ts'
import { mainPort, openPorts } from './main-port.ts'

const main = process.parentPort
const options = JSON.parse(process.argv[2] ?? '{}') as EngineProcessOptions

// Electron only warns of these here. An engine in an unknown state must not go on: main starts a fresh one.
process.on('unhandledRejection', fail)
process.on('uncaughtException', fail)

const host = createEngineHost({ ...options, workerUrl: new URL('../engine/worker.js', import.meta.url) })

main.on('message', ({ data, ports }) => {
  const request = data as ToEngineProcess
  if (request.type === 'stop') return void stop()
  const [handed] = ports
  if (!handed) return
  const port = mainPort(handed)
  port.onClose(() => tell({ type: 'clients', count: openPorts() }))
  host.accept(port)
  tell({ type: 'clients', count: openPorts() })
})

tell({ type: 'ready' })

async function stop(): Promise<void> {
  await host.close()
  process.exit(0)
}

function fail(error: unknown): void {
  console.error(error)
  tell({ type: 'fatal', reason: error instanceof Error ? error.message : String(error) })
  // Exiting at once would lose the words above.
  setImmediate(() => process.exit(1))
}

function tell(message: FromEngineProcess): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
  main.postMessage(message)
}

/** The shell on the desktop: the Electron main process, reached through the preload bridge. */
import type { WirePort } from '../../engine/host/protocol.ts'
import { RequestError } from '../transport/client.ts'
import type { Answer, DesktopBridge } from './bridge.ts'
import { receiveEnginePort } from './engine-port.ts'
import type { EngineStatus, Shell } from './shell.ts'

/** Calls fail with RequestError, like requests to the engine. */
export function createDesktopShell(bridge: DesktopBridge): Shell {
  return {
    kind: 'desktop',
    platform: bridge.platform,
    connect: () => connect(bridge),
    restartEngine: async () => void (await unwrap(bridge.restartEngine())),
    onEngineStatus: (listener) => followStatus(bridge, listener),

    initialDocument: () => unwrap(bridge.initialDocument()),
    onOpenDocument: (listener) => bridge.onOpenDocument(listener),
    openDocument: () => unwrap(bridge.openDocument()),
    openPath: (path) => unwrap(bridge.openPath(path)),
    saveDocument: (path, text, expectedMtimeMs) => unwrap(bridge.saveDocument(path, text, expectedMtimeMs)),
    saveDocumentAs: (suggestedName, text) => unwrap(bridge.saveDocumentAs(suggestedName, text)),
    recentDocuments: () => unwrap(bridge.recentDocuments()),
    examples: () => unwrap(bridge.examples()),

    exportFile: (suggestedName, content) => unwrap(bridge.exportFile(suggestedName, content)),
    pickDataFile: (filters) => unwrap(bridge.pickDataFile(filters)),
    pickSavePath: (suggestedName) => unwrap(bridge.pickSavePath(suggestedName)),
    pathOfDroppedFile: (file) => unwrap(bridge.pathOfDroppedFile(file)),

    setDocumentState: (state) => warnOnFailure(bridge.setDocumentState(state)),
    onSaveBeforeClose: (listener) => bridge.onSaveBeforeClose(listener),

    writeBackup: async (backup) => void (await unwrap(bridge.writeBackup(backup))),
    clearBackup: async () => void (await unwrap(bridge.clearBackup())),
    recover: () => unwrap(bridge.recover()),
    discardRecovered: async (id) => void (await unwrap(bridge.discardRecovered(id))),

    onMenuCommand: (listener) => bridge.onMenuCommand(listener),
    setMenu: (commands) => warnOnFailure(bridge.setMenu(commands)),

    copyText: async (text) => void (await unwrap(bridge.copyText(text))),
    readText: () => unwrap(bridge.readText()),
  }
}

/** Waits while the engine restarts; fails once it was given up. */
async function connect(bridge: DesktopBridge): Promise<WirePort> {
  const arriving = receiveEnginePort(window)
  try {
    await unwrap(bridge.connectEngine(arriving.nonce))
    const port = await arriving.port
    // The carrier may not tell of a killed process; the supervisor does.
    const stop = bridge.onEngineStatus(({ state }) => {
      if (state === 'crashed' || state === 'gone') port.close()
    })
    port.onClose(stop)
    return port
  } finally {
    arriving.stop()
  }
}

/** Listeners hear the present status too, so that one who subscribes late misses nothing. */
function followStatus(bridge: DesktopBridge, listener: (status: EngineStatus) => void): () => void {
  let changed = false
  let stopped = false
  const stop = bridge.onEngineStatus((status) => {
    changed = true
    listener(status)
  })
  void unwrap(bridge.engineStatus()).then((status) => {
    if (!changed && !stopped) listener(status)
  }, console.warn)
  return () => {
    stopped = true
    stop()
  }
}

async function unwrap<Value>(answer: Promise<Answer<Value>>): Promise<Value> {
  const settled = await answer
  if (settled.ok) return settled.value
  throw new RequestError(settled.error.code, settled.error.message, settled.error.remedy)
}

/** For calls that nobody waits for. */
function warnOnFailure(answer: Promise<Answer<null>>): void {
  void unwrap(answer).catch((error: unknown) => console.warn(error))
}

/** Runs before the page, in a world of its own: turns the bridge's named functions into checked calls to main. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Answer, DesktopBridge, EnginePortMessage } from '../renderer/shell/bridge.ts'
import type { CallName, CallReplies, Payload, Tellings } from './channels.ts'

const PLATFORMS: Record<string, DesktopBridge['platform']> = { darwin: 'mac', win32: 'windows' }

function call<Name extends CallName>(
  name: Name,
  payload?: Payload<Name>,
): Promise<Answer<CallReplies[Name]>> {
  return ipcRenderer.invoke(name, payload) as Promise<Answer<CallReplies[Name]>>
}

/** Gives the listener the payload only: the event object would lead to ipcRenderer. */
function on<Name extends keyof Tellings>(
  name: Name,
  listener: (payload: Tellings[Name]) => void,
): () => void {
  const heard = (_event: unknown, payload: Tellings[Name]) => listener(payload)
  ipcRenderer.on(name, heard)
  return () => void ipcRenderer.off(name, heard)
}

let saveBeforeClose: (() => Promise<boolean>) | undefined
on('document:save-before-close', () => {
  const saving = saveBeforeClose?.() ?? Promise.resolve(false)
  void saving.then(
    (saved) => call('document:saved-before-close', { saved }),
    () => call('document:saved-before-close', { saved: false }),
  )
})

// Ports cannot cross the bridge; a window message can carry them. The page knows its own nonce.
ipcRenderer.on('engine:port', (event, { nonce }: Tellings['engine:port']) => {
  const message: EnginePortMessage = { weir: 'engine-port', nonce }
  window.postMessage(message, location.origin, event.ports)
})

const bridge: DesktopBridge = {
  platform: PLATFORMS[process.platform] ?? 'linux',
  connectEngine: (nonce) => call('engine:connect', { nonce }),
  restartEngine: () => call('engine:restart'),
  engineStatus: () => call('engine:status'),
  onEngineStatus: (listener) => on('engine:status-changed', listener),
  initialDocument: () => call('document:initial'),
  onOpenDocument: (listener) => on('document:open-this', listener),
  openDocument: () => call('document:open'),
  openPath: (path) => call('document:open-path', { path }),
  saveDocument: (path, text, expectedMtimeMs) => call('document:save', { path, text, expectedMtimeMs }),
  saveDocumentAs: (suggestedName, text) => call('document:save-as', { suggestedName, text }),
  recentDocuments: () => call('document:recent'),
  examples: () => call('document:examples'),
  exportFile: (suggestedName, content) => call('file:export', { suggestedName, content }),
  pickDataFile: (filters) => call('file:pick-data', { filters }),
  pickSavePath: (suggestedName) => call('file:pick-save-path', { suggestedName }),
  pathOfDroppedFile: (file) => call('file:dropped', { path: webUtils.getPathForFile(file) }),
  setDocumentState: (state) => call('document:state', state),
  onSaveBeforeClose: (listener) => {
    saveBeforeClose = listener
    return () => {
      if (saveBeforeClose === listener) saveBeforeClose = undefined
    }
  },
  writeBackup: (backup) => call('backup:write', backup),
  clearBackup: () => call('backup:clear'),
  recover: () => call('backup:recover'),
  discardRecovered: (id) => call('backup:discard', { id }),
  onMenuCommand: (listener) => on('menu:command', listener),
  setMenu: (commands) => call('menu:set', { commands }),
  copyText: (text) => call('clipboard:write', { text }),
  readText: () => call('clipboard:read'),
}

contextBridge.exposeInMainWorld('weirDesktop', bridge)

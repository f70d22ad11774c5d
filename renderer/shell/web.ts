/** The shell in a browser: files and engine of `weir serve`, dialogs in the page, memory in localStorage. */
import { RequestError } from '../transport/client.ts'
import type { FileFilter, Shell } from './shell.ts'
import { copyText, readText } from './web-clipboard.ts'
import { askForPath } from './web-dialogs.ts'
import { createWebEngine } from './web-engine.ts'
import { createWebFiles } from './web-files.ts'
import { openSocket } from './web-socket.ts'
import { createWebStorage } from './web-storage.ts'
import { claimTab, liveTabs } from './web-tabs.ts'

const DOCUMENT = 'weir.json'

/** Calls fail with RequestError, like requests to the engine. */
export function createWebShell(): Shell {
  const open = () => openSocket(`ws://${location.host}/engine`)
  const engine = createWebEngine({ open, admitted: async () => (await fetch('/examples')).status !== 401 })
  const files = createWebFiles(open)
  const storage = createWebStorage(localStorage)
  const tab = claimTab()
  /** Where the last dialog ended: the next one starts there. */
  let folder = ''
  let dirty = false

  addEventListener('beforeunload', (event) => {
    // The browser asks in its own words; a page can neither word the question nor save before it closes.
    if (dirty) event.preventDefault()
  })

  async function ask(
    request: Omit<Parameters<typeof askForPath>[0], 'folder' | 'list'>,
  ): Promise<string | null> {
    const path = await askForPath({ ...request, folder, list: files.list })
    if (path !== null) folder = path.replace(/[/\\][^/\\]*$/, '')
    return path
  }

  async function read(path: string) {
    const document = await files.read(path)
    storage.addRecent(document.path)
    return document
  }

  async function write(path: string, text: string, expectedMtimeMs?: number) {
    const saved = await files.write(path, text, expectedMtimeMs)
    storage.addRecent(saved.path)
    return saved
  }

  return {
    kind: 'web',
    platform: platformOf(navigator.platform),
    connect: engine.connect,
    restartEngine: async () => engine.retryNow(),
    onEngineStatus: engine.onStatus,

    initialDocument: async () => (await files.hello()).open,
    onOpenDocument: () => () => {},
    async openDocument() {
      const path = await ask({ mode: 'open', title: 'Open a flow', action: 'Open', extensions: [DOCUMENT] })
      return path === null ? null : read(path)
    },
    openPath: read,
    saveDocument: write,
    async saveDocumentAs(suggestedName, text) {
      const name = withExtension(suggestedName, DOCUMENT)
      const path = await ask({
        mode: 'save',
        title: 'Save the flow',
        action: 'Save',
        name,
        extensions: [DOCUMENT],
      })
      return path === null ? null : write(path, text)
    },
    recentDocuments: async () => storage.recent(),
    examples: files.examples,

    exportFile: async (suggestedName, content) => download(suggestedName, content),
    pickDataFile: (filters) =>
      ask({
        mode: 'open',
        title: 'Choose a data file',
        action: 'Choose',
        extensions: extensionsOf(filters),
        upload: files.upload,
      }),
    pickSavePath: (name) => ask({ mode: 'save', title: 'Choose where to write', action: 'Choose', name }),
    pathOfDroppedFile: files.upload,

    setDocumentState(state) {
      dirty = state.dirty
      document.title = `${state.dirty ? '• ' : ''}${state.title} – Weir`
    },
    // There is no saving on the way out: `beforeunload` has asked, and the backup is there either way.
    onSaveBeforeClose: () => () => {},

    async writeBackup(backup) {
      try {
        storage.writeBackup(await tab, backup)
      } catch {
        throw new RequestError(
          'failed',
          'The browser has no room to keep a backup of this flow.',
          'Save the flow; it is kept only in this page.',
        )
      }
    },
    clearBackup: async () => storage.removeBackup(await tab),
    recover: async () => storage.backups(new Set([await tab, ...(await liveTabs())])),
    discardRecovered: async (id) => storage.removeBackup(id),

    onMenuCommand: () => () => {},
    setMenu: () => {},

    copyText,
    readText,
  }
}

function platformOf(name: string): Shell['platform'] {
  return /mac|iphone|ipad/i.test(name) ? 'mac' : /win/i.test(name) ? 'windows' : 'linux'
}

/** The extensions of all filters; `*` among them means any file. */
function extensionsOf(filters: readonly FileFilter[] = []): string[] | undefined {
  const extensions = filters.flatMap((filter) => filter.extensions)
  return extensions.length === 0 || extensions.includes('*') ? undefined : extensions
}

/** Names get the extension once, however they came. */
export function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(`.${extension.toLowerCase()}`) ? name : `${name}.${extension}`
}

function download(name: string, content: string | Uint8Array): boolean {
  const url = URL.createObjectURL(new Blob([content as BlobPart]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has taken its own hold of the data by the next task.
  setTimeout(() => URL.revokeObjectURL(url))
  return true
}

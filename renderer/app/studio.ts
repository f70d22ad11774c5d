/**
 * The studio's actions over shell, engine client and stores, and its start. No React here: commands, menu, canvas
 * and dialogs call these and read the stores.
 */
import type { Shell } from '../shell/shell.ts'
import { documentStore, isDirty } from '../stores/document.ts'
import { getClient } from '../transport/current-client.ts'
import { offerRecovery, startBackups } from './backups.ts'
import { startChecking } from './checking.ts'
import * as documents from './documents.ts'
import { dropFiles } from './drop-files.ts'
import { run, stop } from './running.ts'
import { startSession, theShell } from './session.ts'
import { copyJson, exportJson, exportPng } from './transfer.ts'

export const studio = {
  get shell() {
    return theShell()
  },
  /** The client of the present connection; null while the engine is away. */
  get client() {
    return getClient()
  },
  /** Folder that relative paths of the present flow count from. */
  baseDir: documents.baseDir,

  newDocument: documents.newDocument,
  open: documents.open,
  openPath: documents.openPath,
  openExample: documents.openExample,
  /** True when the document is in its file. */
  save: documents.save,
  saveAs: documents.saveAs,

  exportJson,
  copyJson,
  exportPng,

  run,
  stop,

  /** Adds a configured source for each data file at this place of the flow; a `.weir.json` is opened. */
  dropFiles,
}

/** Connects and shows the first document. Later connections are the session's own business. */
export async function startStudio(shell: Shell): Promise<void> {
  const hello = await startSession(shell)
  startChecking()
  startBackups()
  followDocument()
  shell.onOpenDocument((document) => void documents.openGiven(document))
  shell.onSaveBeforeClose(documents.save)
  if (await offerRecovery()) return
  const first = (await shell.initialDocument()) ?? hello.open
  if (first) await documents.present(first)
}

/** Keeps the window's title and dirty mark in step with the document. */
function followDocument(): void {
  const tell = () => {
    const state = documentStore.getState()
    theShell().setDocumentState({ title: state.flow.name, path: state.path, dirty: isDirty(state) })
  }
  documentStore.subscribe((state, old) => {
    if (state.flow.name !== old.flow.name || state.path !== old.path || isDirty(state) !== isDirty(old))
      tell()
  })
  tell()
}

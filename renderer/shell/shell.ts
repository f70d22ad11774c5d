/**
 * What differs between the desktop and the browser, behind one interface. `desktop.ts` talks to the Electron
 * main process through the preload bridge, `web.ts` to `weir serve`. Nothing else in the renderer knows which it is.
 */

import type { WirePort } from '../../engine/host/protocol.ts'

export interface OpenedDocument {
  /** Absolute path of the `.weir.json` file. */
  path: string
  text: string
  mtimeMs: number
}

export interface RecentDocument {
  path: string
  name: string
  openedAt: number
}

/** A flow that was not saved when the app went away. */
export interface Recovered {
  id: string
  /** null where it was never saved. */
  path: string | null
  name: string
  /** The flow's text. */
  text: string
  savedAt: number
}

export type EngineStatus =
  | { state: 'connecting' }
  | { state: 'ready' }
  /** The engine process died; the shell restarts it. `reason` is a sentence for people. */
  | { state: 'crashed'; reason: string; restartInMs: number }
  | { state: 'gone'; reason: string }

export interface FileFilter {
  name: string
  extensions: string[]
}

export interface Shell {
  kind: 'desktop' | 'web'
  platform: 'mac' | 'windows' | 'linux'
  /** Connects to the engine, now and again after each restart; the carrier is behind `Port`. */
  connect(): Promise<WirePort>
  /** Tries again after `gone`; absent where nothing can be restarted from here. */
  restartEngine?(): Promise<void>
  /** Also tells the present status, soon after. */
  onEngineStatus(listener: (status: EngineStatus) => void): () => void

  /** The document to open first: command line, or null. */
  initialDocument(): Promise<OpenedDocument | null>
  /** Someone asked for a document from outside: second instance, file manager, menu "Open recent". */
  onOpenDocument(listener: (document: OpenedDocument) => void): () => void
  openDocument(): Promise<OpenedDocument | null>
  openPath(path: string): Promise<OpenedDocument>
  /** Atomic. Throws `changed-on-disk` where the file is newer than `expectedMtimeMs`. */
  saveDocument(
    path: string,
    text: string,
    expectedMtimeMs?: number,
  ): Promise<{ path: string; mtimeMs: number }>
  /** Asks for a place; null when the person cancels. */
  saveDocumentAs(suggestedName: string, text: string): Promise<{ path: string; mtimeMs: number } | null>
  recentDocuments(): Promise<RecentDocument[]>
  examples(): Promise<{ name: string; path: string; summary: string }[]>

  /** Bundled and other pictures or text to a place the person picks (download in the browser). True when saved. */
  exportFile(suggestedName: string, content: string | Uint8Array): Promise<boolean>
  /** Picks a data file for a config field; the absolute path, or null. */
  pickDataFile(filters?: FileFilter[]): Promise<string | null>
  pickSavePath(suggestedName: string): Promise<string | null>
  /** Absolute path of a dropped file; in the browser the file is uploaded next to the flows first. */
  pathOfDroppedFile(file: File): Promise<string>

  /** Title bar, dirty mark, and the question on close. */
  setDocumentState(state: { title: string; path: string | null; dirty: boolean }): void
  /** The window wants to close while dirty and the person chose "Save": save, then answer whether it worked. */
  onSaveBeforeClose(listener: () => Promise<boolean>): () => void

  /** Written at most once a second while dirty, removed by `clearBackup`. */
  writeBackup(backup: { path: string | null; name: string; text: string }): Promise<void>
  clearBackup(): Promise<void>
  recover(): Promise<Recovered[]>
  discardRecovered(id: string): Promise<void>

  /** Commands picked in the native menu, by their id. */
  onMenuCommand(listener: (commandId: string) => void): () => void
  /** Tells the native menu which commands exist and which are enabled. */
  setMenu(commands: { id: string; label: string; keys?: string; enabled: boolean; menu?: string }[]): void

  copyText(text: string): Promise<void>
  readText(): Promise<string>
}

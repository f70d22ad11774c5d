/**
 * What the desktop's preload gives the page, as pure types. The preload implements it, `desktop.ts` uses it.
 * Failures are data here: an Error loses its code on the way between the two worlds.
 */
import type { WireError } from '../../engine/host/protocol.ts'
import type { EngineStatus, FileFilter, OpenedDocument, RecentDocument, Recovered, Shell } from './shell.ts'

export type Answer<Value> = { ok: true; value: Value } | { ok: false; error: WireError }

/** Names a place: a path and the time that its file had after the save. */
export interface SavedDocument {
  path: string
  mtimeMs: number
}

export type DocumentState = Parameters<Shell['setDocumentState']>[0]
export type MenuCommand = Parameters<Shell['setMenu']>[0][number]
export type BackupContent = Parameters<Shell['writeBackup']>[0]
export type Example = Awaited<ReturnType<Shell['examples']>>[number]

type Stop = () => void

export interface DesktopBridge {
  platform: Shell['platform']

  /** The port arrives as a window message with `{ weir: 'engine-port', nonce }` and the one port. */
  connectEngine(nonce: string): Promise<Answer<null>>
  restartEngine(): Promise<Answer<null>>
  engineStatus(): Promise<Answer<EngineStatus>>
  onEngineStatus(listener: (status: EngineStatus) => void): Stop

  initialDocument(): Promise<Answer<OpenedDocument | null>>
  onOpenDocument(listener: (document: OpenedDocument) => void): Stop
  openDocument(): Promise<Answer<OpenedDocument | null>>
  openPath(path: string): Promise<Answer<OpenedDocument>>
  saveDocument(path: string, text: string, expectedMtimeMs?: number): Promise<Answer<SavedDocument>>
  saveDocumentAs(suggestedName: string, text: string): Promise<Answer<SavedDocument | null>>
  recentDocuments(): Promise<Answer<RecentDocument[]>>
  examples(): Promise<Answer<Example[]>>

  exportFile(suggestedName: string, content: string | Uint8Array): Promise<Answer<boolean>>
  pickDataFile(filters?: FileFilter[]): Promise<Answer<string | null>>
  pickSavePath(suggestedName: string): Promise<Answer<string | null>>
  pathOfDroppedFile(file: File): Promise<Answer<string>>

  setDocumentState(state: DocumentState): Promise<Answer<null>>
  onSaveBeforeClose(listener: () => Promise<boolean>): Stop

  writeBackup(backup: BackupContent): Promise<Answer<null>>
  clearBackup(): Promise<Answer<null>>
  recover(): Promise<Answer<Recovered[]>>
  discardRecovered(id: string): Promise<Answer<null>>

  onMenuCommand(listener: (commandId: string) => void): Stop
  setMenu(commands: MenuCommand[]): Promise<Answer<null>>

  copyText(text: string): Promise<Answer<null>>
  readText(): Promise<Answer<string>>
}

/** The window message that brings a port. */
export interface EnginePortMessage {
  weir: 'engine-port'
  nonce: string
}

declare global {
  interface Window {
    /** There on the desktop only. */
    weirDesktop?: DesktopBridge
  }
}

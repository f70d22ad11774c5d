/** Opening and saving with everything that belongs to it: permission, dialogs, recent list, the page told. */
import { app } from 'electron'
import { access } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { SavedDocument } from '../renderer/shell/bridge.ts'
import type { OpenedDocument, RecentDocument } from '../renderer/shell/shell.ts'
import { CallError } from './call-error.ts'
import type { Dialogs } from './dialogs.ts'
import { Documents, withFlowEnding } from './documents.ts'
import { Recents } from './recent.ts'
import type { StudioWindow } from './studio-window.ts'

export interface OpenDocumentsOptions {
  recentFile: string
  examplesDir: string
  dialogs: Dialogs
  recentChanged(recent: readonly RecentDocument[]): void
}

export class OpenDocuments {
  readonly files = new Documents()
  readonly recents: Recents
  readonly #options: OpenDocumentsOptions
  /** Asked for before the page could be told. */
  #pending: string | null = null
  #pageListens = false

  constructor(options: OpenDocumentsOptions) {
    this.#options = options
    this.recents = new Recents(options.recentFile)
    for (const { path } of this.recents.list()) this.files.grant(path, 'write')
  }

  /** A new page is loading; it will ask for its first document. */
  startPage(): void {
    this.#pageListens = false
  }

  /** Somebody outside the page wants this file open: command line, file manager, menu. */
  async openFromOutside(path: string, window: StudioWindow | null): Promise<void> {
    this.files.grant(path, 'write')
    if (!window || !this.#pageListens) {
      this.#pending = path
      return
    }
    window.focus()
    try {
      window.tell('document:open-this', await this.open(path))
    } catch (error) {
      const { message, remedy } = error as CallError
      await this.#options.dialogs.error(window.browser, message, remedy)
    }
  }

  /** The page's first document: what was asked for, or after a reload what was open. */
  async initial(current: string | null): Promise<OpenedDocument | null> {
    this.#pageListens = true
    const path = this.#pending ?? current
    this.#pending = null
    return path === null ? null : this.open(path)
  }

  /** Opens a path that may be opened. */
  async open(path: string): Promise<OpenedDocument> {
    try {
      const document = await this.files.open(path)
      if (this.files.isGranted(path, 'write')) this.#remember(document.path)
      return document
    } catch (error) {
      if (error instanceof CallError && error.code === 'not-found') this.#forget(resolve(path))
      throw error
    }
  }

  async openWithDialog(window: StudioWindow): Promise<OpenedDocument | null> {
    const path = await this.#options.dialogs.openFlow(window.browser)
    if (path === null) return null
    this.files.grant(path, 'write')
    return this.open(path)
  }

  async saveAs(window: StudioWindow, suggestedName: string, text: string): Promise<SavedDocument | null> {
    const chosen = await this.#options.dialogs.saveFlow(window.browser, withFlowEnding(suggestedName))
    if (chosen === null) return null
    const path = withFlowEnding(chosen)
    const replaces = path !== chosen && (await exists(path))
    if (replaces && !(await this.#options.dialogs.confirmReplace(window.browser, path))) return null
    this.files.grant(path, 'write')
    const saved = await this.files.save(path, text)
    this.#remember(saved.path)
    return saved
  }

  /** A file that a person dropped on the window; a flow among them may be opened and saved. */
  dropped(path: string): string {
    if (path === '') {
      throw new CallError(
        'refused',
        'What was dropped is no file of this computer.',
        'Save it to a folder first.',
      )
    }
    if (/\.json$/i.test(path)) this.files.grant(path, 'write')
    return path
  }

  /** A backup may name what could be opened here; its flow is saved to the same place again. */
  grantRecovered(path: string | null): void {
    if (path !== null) this.files.grant(path, this.#isExample(path) ? 'read' : 'write')
  }

  clearRecent(): void {
    void this.recents.clear()
    app.clearRecentDocuments()
    this.#options.recentChanged(this.recents.list())
  }

  #isExample(path: string): boolean {
    return resolve(path).startsWith(this.#options.examplesDir + sep)
  }

  #remember(path: string): void {
    void this.recents.add(path, Date.now())
    app.addRecentDocument(path)
    this.#options.recentChanged(this.recents.list())
  }

  #forget(path: string): void {
    void this.recents.remove(path)
    this.#options.recentChanged(this.recents.list())
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

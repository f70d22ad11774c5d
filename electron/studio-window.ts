/** The window and the state of the document in it: title, dirty mark, and the question before it closes. */
import { app, BrowserWindow, nativeTheme } from 'electron'
import type { DocumentState } from '../renderer/shell/bridge.ts'
import type { Tellings } from './channels.ts'
import type { Dialogs } from './dialogs.ts'
import { webPreferences } from './security.ts'
import { MINIMUM_SIZE } from './window-bounds.ts'
import type { WindowState } from './window-state.ts'

export interface StudioWindowOptions {
  preload: string
  state: WindowState
  dialogs: Dialogs
  /** The person gave up the changes. */
  discarded(): Promise<void>
  /** The person changed their mind about closing. */
  stayed(): void
}

export class StudioWindow {
  readonly browser: BrowserWindow
  readonly #options: StudioWindowOptions
  #document: DocumentState = { title: app.getName(), path: null, dirty: false }
  #asking = false
  #mayClose = false
  #saved: ((saved: boolean) => void) | undefined

  constructor(options: StudioWindowOptions) {
    this.#options = options
    this.browser = new BrowserWindow({
      ...options.state.bounds(),
      minWidth: MINIMUM_SIZE.width,
      minHeight: MINIMUM_SIZE.height,
      show: false,
      title: app.getName(),
      // The page's own surface, so that nothing flashes before it is there.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191c' : '#f6f7f8',
      webPreferences: webPreferences(options.preload),
    })
    options.state.follow(this.browser)
    this.browser.once('ready-to-show', () => this.browser.show())
    // Main writes the title.
    this.browser.on('page-title-updated', (event) => event.preventDefault())
    this.browser.on('close', (event) => {
      if (this.#mayClose || !this.#document.dirty || this.browser.webContents.isCrashed()) return
      event.preventDefault()
      void this.#askAndClose()
    })
  }

  get document(): DocumentState {
    return this.#document
  }

  setDocument(state: DocumentState): void {
    this.#document = state
    this.browser.setTitle(state.dirty ? `• ${state.title}` : state.title)
    this.browser.setDocumentEdited(state.dirty)
    this.browser.setRepresentedFilename(state.path ?? '')
  }

  tell<Name extends keyof Tellings>(name: Name, payload: Tellings[Name]): void {
    if (!this.browser.isDestroyed() && !this.browser.webContents.isCrashed()) {
      this.browser.webContents.send(name, payload)
    }
  }

  focus(): void {
    if (this.browser.isMinimized()) this.browser.restore()
    this.browser.show()
    this.browser.focus()
  }

  /** The page's answer to `document:save-before-close`. */
  savedBeforeClose(saved: boolean): void {
    this.#saved?.(saved)
    this.#saved = undefined
  }

  /** The page is gone (crash, reload): nobody will answer, and what it had unsaved is in the backup. */
  pageGone(): void {
    this.savedBeforeClose(false)
    this.setDocument({ ...this.#document, dirty: false })
  }

  async #askAndClose(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      if (await this.#settled()) {
        this.#mayClose = true
        this.browser.close()
      } else {
        this.#options.stayed()
      }
    } finally {
      this.#asking = false
    }
  }

  /** True once the document may go: saved, or given up. */
  async #settled(): Promise<boolean> {
    const choice = await this.#options.dialogs.saveBeforeClose(this.browser, this.#document.title)
    if (choice === 'cancel') return false
    if (choice === 'save') return this.#askPageToSave()
    await this.#options.discarded()
    return true
  }

  #askPageToSave(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#saved = resolve
      this.tell('document:save-before-close', null)
    })
  }
}

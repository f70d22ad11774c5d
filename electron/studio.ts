/** The app after it is ready: makes the parts, ties them together, and takes them down again. */
import { app } from 'electron'
import { appPaths, userPaths } from './app-paths.ts'
import { Backups } from './backups.ts'
import { callHandlers } from './call-handlers.ts'
import { Dialogs } from './dialogs.ts'
import { EngineProcessHost } from './engine-process-host.ts'
import { handleCalls } from './ipc.ts'
import { AppMenu } from './menu.ts'
import { OpenDocuments } from './open-documents.ts'
import { recoverPage } from './page-recovery.ts'
import { StudioWindow } from './studio-window.ts'
import { WindowState } from './window-state.ts'

export class Studio {
  readonly #home: string
  readonly #dialogs: Dialogs
  readonly #documents: OpenDocuments
  readonly #backups: Backups
  readonly #windowState: WindowState
  readonly #menu: AppMenu
  readonly #engine: EngineProcessHost
  #window: StudioWindow | null = null
  #quitting = false

  /** `home` is the address of the page. */
  constructor(home: string) {
    const files = userPaths(app.getPath('userData'))
    this.#home = home
    this.#dialogs = new Dialogs(files.folders)
    this.#backups = new Backups(files.backups)
    this.#windowState = new WindowState(files.window)
    this.#documents = new OpenDocuments({
      recentFile: files.recent,
      examplesDir: appPaths.examples,
      dialogs: this.#dialogs,
      recentChanged: (recent) => this.#menu.setRecent(recent),
    })
    this.#menu = new AppMenu(
      {
        run: (commandId) => this.#window?.tell('menu:command', commandId),
        openRecent: (path) => void this.open(path),
        clearRecent: () => this.#documents.clearRecent(),
      },
      !app.isPackaged,
    )
    this.#engine = new EngineProcessHost(
      appPaths.engineProcess,
      { trustFile: files.trust, examplesDir: appPaths.examples, version: app.getVersion() },
      (status) => this.#window?.tell('engine:status-changed', status),
    )
  }

  /** Once, when the app is ready. */
  start(): void {
    this.#engine.start()
    handleCalls(
      callHandlers({
        examplesDir: appPaths.examples,
        documents: this.#documents,
        backups: this.#backups,
        dialogs: this.#dialogs,
        engine: this.#engine,
        menu: this.#menu,
        window: () => this.#window!,
      }),
      this.#home,
      () => this.#window?.browser ?? null,
    )
    this.#menu.setRecent(this.#documents.recents.list())
    this.openWindow()
  }

  openWindow(): void {
    if (this.#window) return this.#window.focus()
    const window = new StudioWindow({
      preload: appPaths.preload,
      state: this.#windowState,
      dialogs: this.#dialogs,
      discarded: () => this.#backups.clear(),
      stayed: () => (this.#quitting = false),
    })
    this.#window = window
    window.browser.webContents.on('did-start-navigation', (details) => {
      if (!details.isMainFrame || details.isSameDocument) return
      this.#backups.startPage()
      this.#documents.startPage()
      window.pageGone()
    })
    recoverPage(window.browser, this.#dialogs)
    window.browser.on('closed', () => {
      this.#window = null
      // Without this, a flow opened into the next window would be told to a page that is not there yet.
      this.#documents.startPage()
      if (this.#quitting) app.quit()
    })
    void window.browser.loadURL(this.#home)
  }

  /** Opens a flow in the first window, now or when its page is there. */
  async open(path: string): Promise<void> {
    if (app.isReady()) this.openWindow()
    await this.#documents.openFromOutside(path, this.#window)
  }

  /** Remembered, so that answering the question on close goes on with quitting. */
  quitting(): void {
    this.#quitting = true
  }

  /** Everything written, the engine stopped. */
  async close(): Promise<void> {
    await Promise.all([this.#engine.stop(), this.#windowState.flushed(), this.#documents.recents.flushed()])
  }
}

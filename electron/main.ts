/** The desktop app's entry. Reads from top to bottom in the order in which things happen. */
import { app } from 'electron'
import { appPaths } from './app-paths.ts'
import { registerAppScheme, serveAppScheme } from './app-protocol.ts'
import { documentArgument } from './arguments.ts'
import { APP_URL } from './origin.ts'
import { denyPermissions, guardPages } from './security.ts'
import { isFirstInstance } from './single-instance.ts'
import { Studio } from './studio.ts'

// Another folder for the person's files, also the key of the lock below: tests run side by side.
if (process.env.WEIR_USER_DATA) app.setPath('userData', process.env.WEIR_USER_DATA)

const named = documentArgument(process.argv, app.isPackaged, process.cwd())
/** While developing, the page comes from Vite's server. */
const home = (!app.isPackaged && process.env.WEIR_DEV_URL) || APP_URL

/** Flows to open once the app is ready. */
const waiting: string[] = named === null ? [] : [named]
let studio: Studio | undefined

if (isFirstInstance(named, (path) => void opened(path))) {
  // Chromium cannot sandbox root's processes and needs the switch there; our windows ask for their sandbox too.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerAppScheme()
  guardPages(home)
  // macOS asks before the app is ready, and again later.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void opened(path)
  })
  // No top-level await: `ready` waits until this module is done.
  void app.whenReady().then(start)
} else {
  app.quit()
}

function start(): void {
  serveAppScheme(appPaths.renderer(app.isPackaged))
  denyPermissions(home)
  studio = new Studio(home)
  studio.start()
  for (const path of waiting.splice(0)) void studio.open(path)
  app.on('activate', () => studio?.openWindow())
  app.on('before-quit', () => studio?.quitting())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.once('will-quit', (event) => {
    event.preventDefault()
    void studio?.close().finally(() => app.quit())
  })
}

/** A second start, or the file manager, with a flow or with nothing. */
async function opened(path: string | null): Promise<void> {
  if (!studio) {
    if (path !== null) waiting.push(path)
  } else if (path === null) {
    studio.openWindow()
  } else {
    await studio.open(path)
  }
}

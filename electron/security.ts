/** What pages may not do: leave the studio, open windows, or be given permissions. Everything is denied by default. */
import { app, session, shell } from 'electron'
import type { Event, WebContents, WebPreferences } from 'electron'
import { hasOrigin, isHomePage, isWebLink } from './origin.ts'

/** Of every window. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  }
}

/** Guards every page from its creation on, developer tools included. */
export function guardPages(home: string): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, home))
}

function guardPage(contents: WebContents, home: string): void {
  const staysHome = (event: Event, url: string, isMainFrame: boolean) => {
    if (isMainFrame && isHomePage(url, home)) return
    event.preventDefault()
    console.warn(`Refused to navigate to ${url}`)
  }
  // One navigation raises several of these; each alone has had a way around it.
  contents.on('will-navigate', (event) => staysHome(event, event.url, true))
  contents.on('will-frame-navigate', (event) => staysHome(event, event.url, event.isMainFrame))
  contents.on('will-redirect', (event) => staysHome(event, event.url, event.isMainFrame))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
}

/** Opens a link in the person's browser: https only, so that no other program can be started by an address. */
export function openLink(url: string): void {
  if (isWebLink(url)) void shell.openExternal(url)
  else console.warn(`Refused to open ${url}`)
}

/** Writing plain text, as for the paths that people copy; the page reads the clipboard through a checked call. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write'

/** Electron grants everything unless both of these say no. */
export function denyPermissions(home: string): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, grant, details) => {
    grant(permission === ALLOWED_PERMISSION && details.isMainFrame && hasOrigin(details.requestingUrl, home))
  })
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === ALLOWED_PERMISSION && hasOrigin(origin, home),
  )
  session.defaultSession.setDevicePermissionHandler(() => false)
}

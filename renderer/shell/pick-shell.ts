/** Chooses the shell: the preload bridge is there only in the desktop app. */
import type { Shell } from './shell.ts'

/** Loads only the shell that is needed. */
export async function pickShell(): Promise<Shell> {
  const { weirDesktop } = window
  if (weirDesktop) {
    const { createDesktopShell } = await import('./desktop.ts')
    return createDesktopShell(weirDesktop)
  }
  const { createWebShell } = await import('./web.ts')
  return createWebShell()
}

/** Brings the page back after it crashed or hung. The engine goes on; the flow's backup is offered by the page. */
import { app } from 'electron'
import type { BrowserWindow } from 'electron'
import type { Dialogs } from './dialogs.ts'
import { RestartPolicy } from './restart-policy.ts'

export function recoverPage(window: BrowserWindow, dialogs: Dialogs): void {
  const policy = new RestartPolicy()
  const contents = window.webContents

  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`The window’s page stopped unexpectedly: ${reason}`)
    // Not from inside the event: the frame is still being taken down.
    if (policy.crashed(Date.now()) !== null) return void setImmediate(() => contents.reload())
    void dialogs.reloadOrQuit(window, reason).then((choice) => {
      if (choice === 'quit') return app.quit()
      policy.forgive()
      contents.reload()
    })
  })

  let asking = false
  window.on('unresponsive', async () => {
    if (asking) return
    asking = true
    const choice = await dialogs.waitOrReload(window)
    asking = false
    // A page that hangs cannot be reloaded; a crashed one is, above.
    if (choice === 'reload' && !window.isDestroyed()) contents.forcefullyCrashRenderer()
  })
}

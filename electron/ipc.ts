/** Answers the page's calls: a known name, from our own page in our own window, with a payload that fits. */
import { ipcMain } from 'electron'
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron'
import { answerCall } from './answer-call.ts'
import type { CallHandlers } from './answer-call.ts'
import { calls } from './channels.ts'
import type { CallName } from './channels.ts'
import { hasOrigin } from './origin.ts'

/** Registers a handler for every call there is; the type makes sure that none is forgotten. */
export function handleCalls(
  handlers: CallHandlers<IpcMainInvokeEvent>,
  home: string,
  window: () => BrowserWindow | null,
): void {
  for (const name of Object.keys(calls) as CallName[]) {
    ipcMain.handle(name, (event, payload: unknown) =>
      answerCall(handlers, { name, payload, event, trusted: isOurPage(event, home, window()) }),
    )
  }
}

/** The main frame of our window, showing our page. The identity of the frame counts; its address is checked too. */
function isOurPage(event: IpcMainInvokeEvent, home: string, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame
  if (!frame || !window || window.isDestroyed()) return false
  const main = window.webContents.mainFrame
  const isMain = frame.processId === main.processId && frame.routingId === main.routingId
  return isMain && event.sender === window.webContents && hasOrigin(frame.url, home)
}

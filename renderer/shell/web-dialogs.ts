/** File dialogs of the browser shell: one request at a time, shown by `web-file-dialog.tsx`, answered with a path. */
import { createStore } from 'zustand/vanilla'
import type { Folder } from './web-files.ts'

export interface DialogRequest {
  /** `open` picks a file that exists, `save` names one. */
  mode: 'open' | 'save'
  title: string
  /** Label of the button that answers. */
  action: string
  /** Folder to start in; empty for the root. */
  folder: string
  /** Proposed name, for `save`. */
  name?: string
  /** Only files that end so are offered, e.g. "weir.json"; absent means all. A saved name gets the first of them. */
  extensions?: readonly string[]
  list(path: string): Promise<Folder>
  /** Present where a file of this browser's machine will do as well. */
  upload?(file: File): Promise<string>
  /** The path, or null when the person cancels. Closes the dialog. */
  answer(path: string | null): void
}

/** The dialog that is open, if any. */
export const dialogRequests = createStore<{ pending: DialogRequest | null }>(() => ({ pending: null }))

/** Asks the person for a path. A dialog that is still open is cancelled by the next one. */
export function askForPath(request: Omit<DialogRequest, 'answer'>): Promise<string | null> {
  dialogRequests.getState().pending?.answer(null)
  return new Promise((resolve) => {
    const pending: DialogRequest = {
      ...request,
      answer(path) {
        if (dialogRequests.getState().pending === pending) dialogRequests.setState({ pending: null })
        resolve(path)
      },
    }
    dialogRequests.setState({ pending })
  })
}

/** Every native dialog there is, in one place. Each kind of file remembers the folder it was last chosen in. */
import { app, dialog } from 'electron'
import type { BrowserWindow, FileFilter } from 'electron'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { JsonFile } from './json-file.ts'

const foldersSchema = z.object({ flows: z.string().optional(), data: z.string().optional() })
type FolderKind = keyof z.infer<typeof foldersSchema>

const FLOW_FILTERS: FileFilter[] = [
  { name: 'Weir flows', extensions: ['weir.json', 'json'] },
  { name: 'All files', extensions: ['*'] },
]

export class Dialogs {
  readonly #folders: JsonFile<z.infer<typeof foldersSchema>>

  constructor(path: string) {
    this.#folders = new JsonFile(path, foldersSchema, {})
  }

  openFlow(window: BrowserWindow): Promise<string | null> {
    return this.#open(window, { title: 'Open a flow', kind: 'flows', filters: FLOW_FILTERS })
  }

  saveFlow(window: BrowserWindow, suggestedName: string): Promise<string | null> {
    return this.#save(window, { title: 'Save the flow', kind: 'flows', suggestedName, filters: FLOW_FILTERS })
  }

  openData(window: BrowserWindow, filters: FileFilter[] = []): Promise<string | null> {
    return this.#open(window, { title: 'Choose a data file', kind: 'data', filters })
  }

  saveData(window: BrowserWindow, suggestedName: string): Promise<string | null> {
    return this.#save(window, { title: 'Choose where to write', kind: 'data', suggestedName, filters: [] })
  }

  /** Asked where an ending was added to the name, so that the system could not ask. */
  async confirmReplace(window: BrowserWindow, path: string): Promise<boolean> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: `${basename(path)} exists already. Replace it?`,
      detail: `Its content will be lost. It is in ${dirname(path)}.`,
      buttons: ['Replace', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    })
    return response === 0
  }

  async saveBeforeClose(window: BrowserWindow, title: string): Promise<'save' | 'discard' | 'cancel'> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: `Save the changes to ${title}?`,
      detail: 'They are lost if you don’t save them.',
      buttons: ['Save', 'Don’t save', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    })
    return (['save', 'discard', 'cancel'] as const)[response] ?? 'cancel'
  }

  /** The page has not answered for a while. */
  async waitOrReload(window: BrowserWindow): Promise<'wait' | 'reload'> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window does not respond.',
      detail: 'Reloading it keeps the last backup of the flow, at most a few seconds old. A run goes on.',
      buttons: ['Wait', 'Reload'],
      defaultId: 0,
      cancelId: 0,
    })
    return response === 1 ? 'reload' : 'wait'
  }

  /** The page crashed again and again. */
  async reloadOrQuit(window: BrowserWindow, reason: string): Promise<'reload' | 'quit'> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window crashed three times within a minute.',
      detail: `The last time: ${reason}. The flow’s backup is kept and offered at the next start.`,
      buttons: ['Reload', 'Quit'],
      defaultId: 1,
      cancelId: 1,
    })
    return response === 0 ? 'reload' : 'quit'
  }

  async error(window: BrowserWindow, message: string, detail: string): Promise<void> {
    await dialog.showMessageBox(window, { type: 'error', message, detail, buttons: ['OK'] })
  }

  async #open(window: BrowserWindow, asked: AskedFile): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: asked.title,
      defaultPath: this.#folder(asked.kind),
      filters: asked.filters,
      properties: ['openFile'],
    })
    return this.#chosen(asked.kind, canceled ? undefined : filePaths[0])
  }

  async #save(window: BrowserWindow, asked: AskedFile & { suggestedName: string }): Promise<string | null> {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: asked.title,
      defaultPath: join(this.#folder(asked.kind), safeName(asked.suggestedName)),
      filters: asked.filters,
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    return this.#chosen(asked.kind, canceled ? undefined : filePath)
  }

  #folder(kind: FolderKind): string {
    return this.#folders.value[kind] ?? app.getPath('documents')
  }

  #chosen(kind: FolderKind, path: string | undefined): string | null {
    if (path === undefined || !isAbsolute(path)) return null
    void this.#folders.set({ ...this.#folders.value, [kind]: dirname(path) })
    return path
  }
}

interface AskedFile {
  title: string
  kind: FolderKind
  filters: FileFilter[]
}

/** A name that the page suggests, without anything that would lead to another folder. */
function safeName(name: string): string {
  return name.replaceAll(/[/\\:*?"<>|\0]/g, '-').slice(0, 200) || 'Untitled'
}

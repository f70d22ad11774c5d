/** Remembers where the window was. */
import { screen } from 'electron'
import type { BrowserWindow } from 'electron'
import { z } from 'zod'
import { JsonFile } from './json-file.ts'
import { fitBounds } from './window-bounds.ts'
import type { Bounds } from './window-bounds.ts'

const number = z.number().int()
const stateSchema = z.object({
  bounds: z.object({ x: number, y: number, width: number, height: number }),
  maximized: z.boolean(),
})

export class WindowState {
  readonly #file: JsonFile<z.infer<typeof stateSchema> | null>

  constructor(path: string) {
    this.#file = new JsonFile(path, stateSchema.nullable(), null)
  }

  /** Where to open, on a display that is there now. After the app is ready. */
  bounds(): Bounds {
    const [main, ...others] = screen.getAllDisplays().sort((display) => (isMain(display) ? -1 : 1))
    const areas = main ? [main, ...others].map((display) => display.workArea) : []
    return fitBounds(this.#file.value?.bounds ?? null, areas)
  }

  /** Restores what is no bounds, and remembers both when the window closes. */
  follow(window: BrowserWindow): void {
    if (this.#file.value?.maximized) window.maximize()
    window.on('close', () => {
      void this.#file.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    })
  }

  flushed(): Promise<void> {
    return this.#file.flushed()
  }
}

function isMain(display: Electron.Display): boolean {
  return display.id === screen.getPrimaryDisplay().id
}

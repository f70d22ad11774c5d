/**
 * The studio's actions over shell, engine client and stores. No React here: commands, menu, canvas and dialogs
 * call these and read the stores.
 */
import type { EngineClient } from '../transport/client.ts'
import type { Shell } from '../shell/shell.ts'

export interface Studio {
  readonly shell: Shell
  /** The client of the present connection; null while the engine is away. */
  readonly client: EngineClient | null
  /** Folder that relative paths of the present flow count from. */
  baseDir(): string

  newDocument(): Promise<void>
  open(): Promise<void>
  openPath(path: string): Promise<void>
  openExample(path: string): Promise<void>
  /** True when the document is in its file. */
  save(): Promise<boolean>
  saveAs(): Promise<boolean>

  exportJson(): Promise<void>
  copyJson(): Promise<void>
  exportPng(): Promise<void>

  run(): Promise<void>
  stop(): Promise<void>

  /** Adds a configured source for each data file at this place of the flow; a `.weir.json` is opened. */
  dropFiles(files: readonly File[], at: [number, number]): Promise<void>
}

export const studio = {} as Studio

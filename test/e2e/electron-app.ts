/** Starts the desktop app for a test: a fresh folder for its files, a trace when the test fails, and an end. */
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, test as base } from '@playwright/test'
import type { ElectronApplication, Page, TestInfo } from '@playwright/test'

export const ROOT = resolve(import.meta.dirname, '../..')
/** A page without the studio, for tests of the shell alone. */
export const FIXTURE_PAGE = join(ROOT, 'test/fixtures/desktop-page')

export interface StudioOptions {
  /** After the app's own folder, e.g. a flow to open. */
  args?: string[]
  env?: Record<string, string>
  /** Folder of the page; absent means the built studio. */
  page?: string
  /** Use the files of an earlier start in the same test. */
  userData?: string
}

export interface RunningStudio {
  app: ElectronApplication
  page: Page
  /** Kept, because Playwright forgets it at the exit. */
  process: ChildProcess
  userData: string
  /** Everything that main and the engine process printed so far. */
  printed(): string
}

interface Fixtures {
  /** A temporary folder, deleted after the test. */
  folder: string
  /** Starts the app; every one that is still open is closed after the test. */
  launch(options?: StudioOptions): Promise<RunningStudio>
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that nothing else is needed
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-test-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  launch: async ({ folder }, use, info) => {
    const running: RunningStudio[] = []
    await use(async (options = {}) => {
      const studio = await start(options.userData ?? join(folder, `user-${running.length}`), options)
      running.push(studio)
      return studio
    })
    for (const [index, studio] of running.entries()) await finish(studio, info, index)
  },
})

export { expect } from '@playwright/test'

/** What a child process gets, so that two starts of one test meet or avoid each other as they should. */
export function studioEnvironment(userData: string, options: StudioOptions = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(inherited),
    NODE_DEBUG: 'weir',
    WEIR_USER_DATA: userData,
    ...(options.page && { WEIR_RENDERER_DIR: options.page }),
    ...options.env,
  }
}

async function start(userData: string, options: StudioOptions): Promise<RunningStudio> {
  const app = await _electron.launch({
    args: [ROOT, ...(options.args ?? [])],
    env: studioEnvironment(userData, options),
  })
  const child = app.process()
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  }
  const page = await app.firstWindow()
  await app.context().tracing.start({ screenshots: true, snapshots: true })
  return { app, page, process: child, userData, printed: () => text }
}

async function finish(studio: RunningStudio, info: TestInfo, index: number): Promise<void> {
  const failed = info.status !== info.expectedStatus
  const exited = studio.process.exitCode !== null || studio.process.signalCode !== null
  if (failed) await info.attach(`printed-${index}.txt`, { body: studio.printed(), contentType: 'text/plain' })
  if (exited) return
  const path = info.outputPath(`trace-${index}.zip`)
  await studio.app
    .context()
    .tracing.stop(failed ? { path } : {})
    .catch(() => undefined)
  // An unsaved flow would ask; a test that is over has no answer.
  await answerMessageBox(studio.app, 1).catch(() => undefined)
  await studio.app.close()
}

/** Answers every message box from now on with the button at this index. */
export async function answerMessageBox(app: ElectronApplication, button: number): Promise<void> {
  await app.evaluate(({ dialog }, response) => {
    const asked: string[] = []
    Object.assign(globalThis, { askedByWeir: asked })
    dialog.showMessageBox = ((...parameters: unknown[]) => {
      asked.push((parameters.at(-1) as { message: string }).message)
      return Promise.resolve({ response, checkboxChecked: false })
    }) as typeof dialog.showMessageBox
  }, button)
}

/** The texts of the message boxes that were answered. */
export function askedQuestions(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => (globalThis as { askedByWeir?: string[] }).askedByWeir ?? [])
}

/** Answers the open and save dialogs from now on with this path; null cancels them. */
export async function answerFileDialogs(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    const canceled = chosen === null
    dialog.showOpenDialog = (() =>
      Promise.resolve({ canceled, filePaths: canceled ? [] : [chosen] })) as typeof dialog.showOpenDialog
    dialog.showSaveDialog = (() =>
      Promise.resolve({ canceled, filePath: chosen ?? '' })) as typeof dialog.showSaveDialog
  }, path)
}

/** Kills the process with this service name the hard way. */
export async function killProcess(studio: RunningStudio, name: string): Promise<void> {
  const pid = await studio.app.evaluate(
    ({ app }, name) =>
      app.getAppMetrics().find((process) => process.serviceName === name || process.name === name)?.pid,
    name,
  )
  if (pid === undefined) throw new Error(`there is no process ${name}`)
  process.kill(pid, 'SIGKILL')
}

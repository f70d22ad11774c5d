/** The desktop shell with a page of its own: documents, backups, the engine process, single instance, closing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  answerFileDialogs,
  answerMessageBox,
  askedQuestions,
  expect,
  FIXTURE_PAGE,
  ROOT,
  studioEnvironment,
  test,
  killProcess,
} from './electron-app.ts'
import type { RunningStudio } from './electron-app.ts'
import './desktop-page.ts'

const FLOW = '{\n  "weir": 1,\n  "name": "One",\n  "nodes": {}\n}\n'
const page = FIXTURE_PAGE

test.describe('documents', () => {
  test('a flow named on the command line is the first document', async ({ launch, folder }) => {
    const path = join(folder, 'one.weir.json')
    await writeFile(path, FLOW)
    const studio = await launch({ page, args: [path] })
    const answer = await studio.page.evaluate(() => window.weirDesktop!.initialDocument())
    expect(answer).toMatchObject({ ok: true, value: { path, text: FLOW } })
  })

  test('a flow that is missing is a clear failure, not a crash', async ({ launch, folder }) => {
    const studio = await launch({ page, args: [join(folder, 'none.weir.json')] })
    const answer = await studio.page.evaluate(() => window.weirDesktop!.initialDocument())
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'not-found', remedy: expect.stringMatching(/\w/) },
    })
  })

  test('what is saved under a new name can be saved again, and is opened and listed as recent', async ({
    launch,
    folder,
  }) => {
    const studio = await launch({ page })
    const path = join(folder, 'new.weir.json')
    await answerFileDialogs(studio.app, path)
    const first = await studio.page.evaluate((text) => window.weirDesktop!.saveDocumentAs('new', text), FLOW)
    expect(first).toMatchObject({ ok: true, value: { path } })
    const again = await studio.page.evaluate(
      (path) => window.weirDesktop!.saveDocument(path, 'second\n'),
      path,
    )
    expect(again.ok).toBe(true)
    expect(await readFile(path, 'utf8')).toBe('second\n')
    const opened = await studio.page.evaluate(() => window.weirDesktop!.openDocument())
    expect(opened).toMatchObject({ ok: true, value: { path, text: 'second\n' } })
    const recent = await studio.page.evaluate(() => window.weirDesktop!.recentDocuments())
    expect(recent).toMatchObject({ ok: true, value: [{ path, name: 'new' }] })
  })

  test('recent flows are still there, and open, after a restart', async ({ launch, folder }) => {
    const path = join(folder, 'kept.weir.json')
    await writeFile(path, FLOW)
    const userData = join(folder, 'shared')
    const first = await launch({ page, args: [path], userData })
    await first.page.evaluate(() => window.weirDesktop!.initialDocument())
    await first.app.close()
    const second = await launch({ page, userData })
    const opened = await second.page.evaluate((path) => window.weirDesktop!.openPath(path), path)
    expect(opened).toMatchObject({ ok: true, value: { path } })
  })

  test('a cancelled dialog is no failure', async ({ launch }) => {
    const studio = await launch({ page })
    await answerFileDialogs(studio.app, null)
    const answers = await studio.page.evaluate(async () => [
      await window.weirDesktop!.openDocument(),
      await window.weirDesktop!.saveDocumentAs('x', 'y'),
      await window.weirDesktop!.pickDataFile(),
      await window.weirDesktop!.exportFile('x.png', new Uint8Array([1])),
    ])
    expect(answers).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
      { ok: true, value: null },
      { ok: true, value: false },
    ])
  })

  test('bytes are exported as they are', async ({ launch, folder }) => {
    const studio = await launch({ page })
    const path = join(folder, 'picture.png')
    await answerFileDialogs(studio.app, path)
    const answer = await studio.page.evaluate(() =>
      window.weirDesktop!.exportFile('picture.png', new Uint8Array([0, 255, 13, 10])),
    )
    expect(answer).toEqual({ ok: true, value: true })
    expect([...(await readFile(path))]).toEqual([0, 255, 13, 10])
  })

  test('a second start with a flow opens it in the first window and ends', async ({ launch, folder }) => {
    const studio = await launch({ page })
    await studio.page.evaluate(() => window.weirDesktop!.initialDocument())
    const path = join(folder, 'second.weir.json')
    await writeFile(path, FLOW)
    const electron = createRequire(import.meta.url)('electron') as string
    const second = spawn(electron, ['--no-sandbox', ROOT, path], {
      env: studioEnvironment(studio.userData, { page }),
      stdio: 'ignore',
    })
    const [code] = (await once(second, 'exit')) as [number]
    expect(code).toBe(0)
    await expect
      .poll(() => studio.page.evaluate(() => window.heard.documents))
      .toMatchObject([{ path, text: FLOW }])
    expect(studio.app.windows()).toHaveLength(1)
  })
})

test.describe('the title and closing', () => {
  const dirty = { title: 'Top pages', path: null, dirty: true }
  const title = (studio: RunningStudio) =>
    studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())
  const closeWindow = (studio: RunningStudio) =>
    studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

  test('an unsaved document is marked in the title', async ({ launch }) => {
    const studio = await launch({ page })
    await studio.page.evaluate((state) => window.weirDesktop!.setDocumentState(state), dirty)
    expect(await title(studio)).toBe('• Top pages')
    await studio.page.evaluate((state) => window.weirDesktop!.setDocumentState(state), {
      ...dirty,
      dirty: false,
    })
    expect(await title(studio)).toBe('Top pages')
  })

  test('a saved document closes without a question', async ({ launch }) => {
    const studio = await launch({ page })
    await answerMessageBox(studio.app, 2)
    await studio.page.evaluate((state) => window.weirDesktop!.setDocumentState(state), {
      ...dirty,
      dirty: false,
    })
    const exited = once(studio.process, 'exit')
    await closeWindow(studio)
    expect((await exited)[0]).toBe(0)
  })

  test('“Cancel” keeps the window, and a later close asks again', async ({ launch }) => {
    const studio = await launch({ page })
    await answerMessageBox(studio.app, 2)
    await studio.page.evaluate((state) => window.weirDesktop!.setDocumentState(state), dirty)
    await closeWindow(studio)
    await expect.poll(() => askedQuestions(studio.app)).toEqual(['Save the changes to Top pages?'])
    // One that comes before the answer is heard asks nothing more, so it may take another.
    await expect(async () => {
      await closeWindow(studio)
      const questions = async () => (await askedQuestions(studio.app)).length
      await expect.poll(questions, { timeout: 1000 }).toBeGreaterThan(1)
    }).toPass()
    expect(studio.app.windows()).toHaveLength(1)
  })

  test('“Save” asks the page to save, and stays open where that failed', async ({ launch }) => {
    const studio = await launch({ page })
    await answerMessageBox(studio.app, 0)
    await studio.page.evaluate((state) => {
      window.saveAnswer = false
      return window.weirDesktop!.setDocumentState(state)
    }, dirty)
    await closeWindow(studio)
    await expect.poll(() => studio.page.evaluate(() => window.heard.askedToSave)).toBe(true)
    await closeWindow(studio)
    await expect.poll(() => askedQuestions(studio.app)).toHaveLength(2)
    await studio.page.evaluate(() => void (window.saveAnswer = true))
    const exited = once(studio.process, 'exit')
    await expect(async () => {
      await closeWindow(studio).catch(() => undefined)
      expect(studio.process.exitCode).toBe(0)
    }).toPass()
    await exited
  })

  test('“Don’t save” closes and removes the backup', async ({ launch, folder }) => {
    const userData = join(folder, 'shared')
    const studio = await launch({ page, userData })
    await answerMessageBox(studio.app, 1)
    await studio.page.evaluate(async (state) => {
      await window.weirDesktop!.writeBackup({ path: null, name: 'Top pages', text: 'unsaved' })
      await window.weirDesktop!.setDocumentState(state)
    }, dirty)
    const exited = once(studio.process, 'exit')
    await closeWindow(studio)
    expect((await exited)[0]).toBe(0)
    const next = await launch({ page, userData })
    expect(await next.page.evaluate(() => window.weirDesktop!.recover())).toEqual({ ok: true, value: [] })
  })
})

test.describe('after a crash', () => {
  test('a killed engine process is told, started again, and answers', async ({ launch }) => {
    const studio = await launch({ page })
    expect(await studio.page.evaluate(() => window.greetEngine())).toBeTruthy()
    await studio.page.evaluate(() => {
      window.port.addEventListener('close', () => (window.heard.portClosed = true))
    })
    await killProcess(studio, 'weir-engine')
    await expect
      .poll(() => studio.page.evaluate(() => window.heard.status.map(({ state }) => state)))
      .toEqual(expect.arrayContaining(['crashed', 'ready']))
    const crash = await studio.page.evaluate(() =>
      window.heard.status.find(({ state }) => state === 'crashed'),
    )
    expect(crash).toMatchObject({ reason: expect.stringContaining('stopped unexpectedly'), restartInMs: 500 })
    expect(await studio.page.evaluate(() => window.greetEngine())).toBeTruthy()
    expect(await studio.page.evaluate(() => window.heard.portClosed)).toBe(true)
  })

  test('an engine that dies three times within a minute is given up until a person asks', async ({
    launch,
  }) => {
    const studio = await launch({ page })
    const states = () => studio.page.evaluate(() => window.heard.status.map(({ state }) => state))
    for (const count of [1, 2]) {
      await studio.page.evaluate(() => window.greetEngine())
      await killProcess(studio, 'weir-engine')
      await expect
        .poll(async () => (await states()).filter((state) => state === 'crashed').length)
        .toBe(count)
    }
    await studio.page.evaluate(() => window.greetEngine())
    await killProcess(studio, 'weir-engine')
    await expect.poll(async () => (await states()).at(-1)).toBe('gone')
    await expect(studio.page.evaluate(() => window.connectEngine())).rejects.toThrow(
      'three times within a minute',
    )
    await studio.page.evaluate(() => window.weirDesktop!.restartEngine())
    expect(await studio.page.evaluate(() => window.greetEngine())).toBeTruthy()
  })

  test('ten reloads leave one client with the engine', async ({ launch }) => {
    const studio = await launch({ page })
    for (let reload = 0; reload < 10; reload++) {
      await studio.page.evaluate(() => window.greetEngine())
      await studio.page.reload()
    }
    await studio.page.evaluate(() => window.greetEngine())
    const counts = () =>
      [...studio.printed().matchAll(/engine clients: (\d+)/g)].map((found) => Number(found[1]))
    await expect.poll(() => counts().at(-1)).toBe(1)
    expect(counts().length).toBeGreaterThanOrEqual(21)
    expect(Math.max(...counts())).toBeLessThanOrEqual(2)
  })

  test('a crashed page comes back, and is offered what it had not saved', async ({ launch }) => {
    const studio = await launch({ page })
    await studio.page.evaluate(async () => {
      await window.weirDesktop!.writeBackup({ path: null, name: 'Unsaved', text: 'precious' })
      await window.weirDesktop!.setDocumentState({ title: 'Unsaved', path: null, dirty: true })
    })
    await studio.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const back = new Promise<void>((resolve) =>
        window!.webContents.once('did-finish-load', () => resolve()),
      )
      Object.assign(globalThis, { pageIsBack: back })
      window!.webContents.forcefullyCrashRenderer()
    })
    const recovered = () =>
      studio.app.evaluate(async ({ BrowserWindow }) => {
        await (globalThis as unknown as { pageIsBack: Promise<void> }).pageIsBack
        const [window] = BrowserWindow.getAllWindows()
        return (await window!.webContents.executeJavaScript('weirDesktop.recover()')) as unknown
      })
    expect(await recovered()).toMatchObject({
      ok: true,
      value: [{ path: null, name: 'Unsaved', text: 'precious' }],
    })
  })

  test('a killed app offers its backup at the next start, until it is discarded', async ({
    launch,
    folder,
  }) => {
    const userData = join(folder, 'shared')
    const first = await launch({ page, userData })
    await first.page.evaluate(() =>
      window.weirDesktop!.writeBackup({ path: null, name: 'Unsaved', text: 'precious' }),
    )
    const exited = once(first.process, 'exit')
    first.process.kill('SIGKILL')
    await exited
    const next = await launch({ page, userData })
    const answer = await next.page.evaluate(() => window.weirDesktop!.recover())
    expect(answer).toMatchObject({ ok: true, value: [{ name: 'Unsaved', text: 'precious' }] })
    const left = await next.page.evaluate(async () => {
      const found = await window.weirDesktop!.recover()
      if (found.ok) await window.weirDesktop!.discardRecovered(found.value[0]!.id)
      return window.weirDesktop!.recover()
    })
    expect(left).toEqual({ ok: true, value: [] })
  })
})

test('the window comes back where it was, in its size', async ({ launch }) => {
  const first = await launch({ page })
  const bounds = { x: 40, y: 30, width: 1010, height: 640 }
  await first.app.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]!.setBounds(wanted),
    bounds,
  )
  const boundsOf = (studio: RunningStudio) =>
    studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
  await expect.poll(() => boundsOf(first)).toEqual(bounds)
  await first.app.close()
  const second = await launch({ page, userData: first.userData })
  await expect.poll(() => boundsOf(second)).toEqual(bounds)
})

test('the native menu has the page’s commands and runs them', async ({ launch }) => {
  const studio = await launch({ page })
  const set = (enabled: boolean) =>
    studio.page.evaluate(
      (enabled) =>
        window.weirDesktop!.setMenu([
          { id: 'run.start', label: 'Run', keys: 'Mod+Enter', enabled, menu: 'Run' },
          { id: 'file.save', label: 'Save', keys: 'Mod+S', enabled: true, menu: 'File' },
        ]),
      enabled,
    )
  const entry = () =>
    studio.app.evaluate(({ Menu }) => {
      const found = Menu.getApplicationMenu()!.getMenuItemById('run.start')
      return (
        found && {
          label: found.label,
          enabled: found.enabled,
          registerAccelerator: found.registerAccelerator,
        }
      )
    })
  await set(false)
  expect(await entry()).toEqual({ label: 'Run', enabled: false, registerAccelerator: false })
  await set(true)
  expect(await entry()).toMatchObject({ enabled: true })
  await studio.app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('run.start')!.click())
  await expect.poll(() => studio.page.evaluate(() => window.heard.commands)).toEqual(['run.start'])
})

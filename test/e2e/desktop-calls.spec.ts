/** Attacks on the bridge and on the calls behind it: isolation, payloads that do not fit, callers that may not call. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, FIXTURE_PAGE, ROOT, test } from './electron-app.ts'
import type { RunningStudio } from './electron-app.ts'
import './desktop-page.ts'

const HOME = 'app://weir/'
const page = FIXTURE_PAGE

test.describe('process isolation', () => {
  test('the window is sandboxed, isolated, and without Node', async ({ launch }) => {
    const studio = await launch({ page })
    const preferences = await studio.app.evaluate(({ BrowserWindow }) => {
      // Electron's own record of what is in force; not in its types.
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>
      }
      return contents.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    })
    // Reported only where they are on.
    for (const name of ['allowRunningInsecureContent', 'nodeIntegrationInWorker', 'experimentalFeatures']) {
      expect(preferences[name] ?? false).toBe(false)
    }
  })

  test('the page finds no Node and no Electron', async ({ launch }) => {
    const studio = await launch({ page })
    const found = await studio.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    )
    expect(found).toEqual([])
  })

  test('Node in a sandboxed world: the preload itself has none of its modules', async () => {
    const preload = await readFile(join(ROOT, 'dist/electron/preload.cjs'), 'utf8')
    const required = [...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map((found) => found[1])
    expect(required).toEqual(['electron'])
  })
})

test.describe('the bridge', () => {
  test('is a fixed list of functions: no ipcRenderer, no way to name a channel', async ({ launch }) => {
    const studio = await launch({ page })
    const kinds = await studio.page.evaluate(() =>
      Object.fromEntries(Object.entries(window.weirDesktop!).map(([name, value]) => [name, typeof value])),
    )
    const functions = (
      'connectEngine restartEngine engineStatus onEngineStatus ' +
      'initialDocument onOpenDocument openDocument openPath saveDocument saveDocumentAs recentDocuments examples ' +
      'exportFile pickDataFile pickSavePath pathOfDroppedFile setDocumentState onSaveBeforeClose ' +
      'writeBackup clearBackup recover discardRecovered onMenuCommand setMenu copyText readText'
    ).split(' ')
    expect(kinds).toEqual({
      platform: 'string',
      ...Object.fromEntries(functions.map((name) => [name, 'function'])),
    })
  })

  test('cannot be changed by the page', async ({ launch }) => {
    const studio = await launch({ page })
    const changed = await studio.page.evaluate(() => {
      const before = window.weirDesktop!.openPath
      try {
        window.weirDesktop!.openPath = () => Promise.reject(new Error('taken over'))
      } catch {
        // Frozen: a module in strict mode is told so.
      }
      return window.weirDesktop!.openPath !== before
    })
    expect(changed).toBe(false)
  })

  test('hands listeners the payload and never the event', async ({ launch }) => {
    const studio = await launch({ page })
    await studio.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]!.webContents.send('engine:status-changed', { state: 'ready' })
    })
    await expect.poll(() => studio.page.evaluate(() => window.heard.argumentCounts.length)).toBeGreaterThan(0)
    expect(new Set(await studio.page.evaluate(() => window.heard.argumentCounts))).toEqual(new Set([1]))
  })
})

test.describe('calls', () => {
  test('with a payload that does not fit are refused', async ({ launch }) => {
    const studio = await launch({ page })
    const answers = await studio.page.evaluate(() => {
      const bridge = window.weirDesktop! as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>
      return Promise.all([
        bridge.openPath!({ path: '/etc/passwd' }),
        bridge.openPath!(''),
        bridge.saveDocument!('/tmp/x.weir.json', { length: 1 }),
        bridge.connectEngine!(['not', 'a', 'nonce', '…']),
        bridge.setDocumentState!({ title: 'x', path: null, dirty: true, extra: 1 }),
        bridge.discardRecovered!('../../recent'),
        bridge.setMenu!([{ id: 'x', label: 'x', enabled: 'yes' }]),
        bridge.exportFile!('x', { not: 'bytes' }),
        bridge.pickDataFile!([{ name: 'x', extensions: ['../..'] }]),
        bridge.writeBackup!({ path: 7, name: 'x', text: 'x' }),
      ])
    })
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  })

  test('for paths that nobody chose are refused, for reading and for writing', async ({ launch, folder }) => {
    const studio = await launch({ page })
    const path = join(folder, 'never-chosen.weir.json')
    const answers = await studio.page.evaluate(
      async (path) => [
        await window.weirDesktop!.openPath('/etc/passwd'),
        await window.weirDesktop!.openPath(path),
        await window.weirDesktop!.saveDocument(path, 'taken over'),
        await window.weirDesktop!.writeBackup({ path, name: 'x', text: 'x' }),
      ],
      path,
    )
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })

  test('cannot save over a bundled example', async ({ launch }) => {
    const studio = await launch({ page })
    const answer = await studio.page.evaluate(async () => {
      const examples = await window.weirDesktop!.examples()
      const path = examples.ok ? examples.value[0]!.path : ''
      return [
        await window.weirDesktop!.openPath(path),
        await window.weirDesktop!.saveDocument(path, 'taken over'),
      ]
    })
    expect(answer).toMatchObject([{ ok: true }, { ok: false, error: { code: 'refused' } }])
  })

  test('of a made-up file get no path', async ({ launch }) => {
    const studio = await launch({ page })
    const answer = await studio.page.evaluate(() =>
      window.weirDesktop!.pathOfDroppedFile(new File(['x'], '/etc/passwd')),
    )
    expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
  })

  test('from another window are refused, even from our own address', async ({ launch }) => {
    const studio = await launch({ page })
    const answers = await fromOtherWindow(studio, HOME, [
      'document:recent',
      'clipboard:read',
      'engine:status',
    ])
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
  })

  test('that do not exist fail', async ({ launch }) => {
    const studio = await launch({ page })
    const answers = await fromOtherWindow(studio, HOME, [
      'document:delete',
      'ELECTRON_BROWSER_EVAL',
      '__proto__',
    ])
    for (const answer of answers) expect(answer).toContain('No handler registered')
  })

  test('from our window are refused once it shows another address', async ({ launch }) => {
    const studio = await launch({ page })
    const answer = await studio.app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      await window!.loadURL('data:text/html,<h1>elsewhere</h1>')
      return (await window!.webContents.executeJavaScript('weirDesktop.recentDocuments()')) as unknown
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
  })
})

/** Makes calls from a window of the attacker's, which shows `url` and has all of ipcRenderer's invoke. */
function fromOtherWindow(studio: RunningStudio, url: string, channels: string[]): Promise<unknown[]> {
  return studio.app.evaluate(
    async ({ BrowserWindow }, { url, channels, preload }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await window.loadURL(url)
      const answers: unknown[] = []
      for (const channel of channels) {
        const call = `attack.invoke(${JSON.stringify(channel)}).catch((error) => error.message)`
        answers.push(await window.webContents.executeJavaScript(call))
      }
      window.destroy()
      return answers
    },
    { url, channels, preload: join(ROOT, 'test/fixtures/desktop-attacker-preload.cjs') },
  )
}

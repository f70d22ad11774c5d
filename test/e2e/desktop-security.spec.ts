/** Attacks from the page on what surrounds it: the scheme, the policy, navigation, permissions. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, FIXTURE_PAGE, ROOT, test } from './electron-app.ts'
import type { RunningStudio } from './electron-app.ts'
import './desktop-page.ts'

const HOME = 'app://weir/'
const page = FIXTURE_PAGE

test.describe('the app:// scheme', () => {
  test('is a secure origin of its own', async ({ launch }) => {
    const studio = await launch({ page })
    expect(await studio.page.evaluate(() => [location.origin, isSecureContext])).toEqual(['app://weir', true])
  })

  test('gives every file its type, the policy, and no sniffing', async ({ launch }) => {
    const studio = await launch({ page })
    for (const [path, type] of [
      ['', 'text/html; charset=utf-8'],
      ['page.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const { status, headers } = await request(studio, HOME + path)
      expect(status).toBe(200)
      expect(headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' })
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    }
  })

  test('answers GET only', async ({ launch }) => {
    const studio = await launch({ page })
    const answers = await studio.page.evaluate(() =>
      Promise.all(
        ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].map(async (method) => (await fetch('/', { method })).status),
      ),
    )
    expect(answers).toEqual([200, 405, 405, 405, 405])
  })

  test('knows no other host', async ({ launch }) => {
    const studio = await launch({ page })
    expect((await request(studio, 'app://evil/index.html')).status).toBe(403)
    expect((await request(studio, 'app://weir.evil/index.html')).status).toBe(403)
  })

  test('does not leave the build', async ({ launch }) => {
    const studio = await launch({ page })
    for (const path of [
      '..%2f..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
      '..%5c..%5cpackage.json',
      'assets/..%2f..%2f..%2f..%2fetc/passwd',
      '%2fetc%2fpasswd',
      'index.html%00.js',
      '%',
    ]) {
      const { status, text } = await request(studio, HOME + path)
      expect([403, 404], path).toContain(status)
      expect(text, path).not.toMatch(/"name": "weir"|root:/)
    }
  })
})

test.describe('the content security policy', () => {
  test('stops eval, new Function and timers that take text', async ({ launch }) => {
    const studio = await launch({ page })
    const violations = await violationsOf(studio, () => {
      const ran: string[] = []
      Object.assign(window, { ran })
      const attempts = {
        // oxlint-disable-next-line no-eval -- the attack itself
        eval: () => (0, eval)('window.ran.push("eval")'),
        Function: () => new Function('window.ran.push("Function")')(),
        timer: () => void setTimeout('window.ran.push("timer")' as unknown as () => void, 0),
      }
      return new Promise((resolve) => {
        // From a task of the page's own: while a debugger evaluates, eval is allowed.
        setTimeout(() => {
          for (const attempt of Object.values(attempts)) {
            try {
              attempt()
            } catch {
              // Refused, as it should be; what ran is counted.
            }
          }
          setTimeout(resolve, 0)
        }, 0)
      })
    })
    expect(violations).toEqual(['script-src', 'script-src', 'script-src'])
    expect(await studio.page.evaluate(() => (window as unknown as { ran: string[] }).ran)).toEqual([])
  })

  test('stops inline scripts, inline handlers and foreign scripts', async ({ launch }) => {
    const studio = await launch({ page })
    const violations = await violationsOf(studio, () => {
      const inline = document.createElement('script')
      inline.textContent = 'window.taken = 1'
      const foreign = document.createElement('script')
      foreign.src = 'https://example.com/x.js'
      const data = document.createElement('script')
      data.src = 'data:text/javascript,window.taken=1'
      document.body.append(inline, foreign, data)
      const handler = document.createElement('div')
      handler.innerHTML =
        '<img src="nowhere" onerror="window.taken = 1"><a id="js" href="javascript:window.taken=1">x</a>'
      document.body.append(handler)
      document.getElementById('js')!.click()
    })
    expect(violations).toEqual(
      expect.arrayContaining(['script-src-elem', 'script-src-elem', 'script-src-elem', 'script-src-attr']),
    )
    expect(await studio.page.evaluate(() => 'taken' in window)).toBe(false)
  })

  test('stops talking to anybody else, frames, plugins, blob workers and another base', async ({
    launch,
  }) => {
    const studio = await launch({ page })
    const violations = await violationsOf(studio, async () => {
      await fetch('https://example.com/').catch(() => undefined)
      await fetch('file:///etc/passwd').catch(() => undefined)
      const frame = document.createElement('iframe')
      frame.src = 'https://example.com/'
      const plugin = document.createElement('object')
      plugin.data = 'https://example.com/x.pdf'
      const base = document.createElement('base')
      base.href = 'https://example.com/'
      document.head.append(base)
      document.body.append(frame, plugin)
      const worker = URL.createObjectURL(new Blob(['0'], { type: 'text/javascript' }))
      try {
        new Worker(worker).addEventListener('error', () => undefined)
      } catch {
        // Refused at once, or by the error above: the violation counts.
      }
    })
    expect(new Set(violations)).toEqual(
      new Set(['connect-src', 'frame-src', 'object-src', 'base-uri', 'worker-src']),
    )
  })

  test('is kept by the built studio: its page has no inline script and no inline handler', async () => {
    const html = await readFile(join(ROOT, 'dist/renderer/index.html'), 'utf8')
    const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, attributes, body] of scripts) {
      expect(attributes).toMatch(/\bsrc="\/[^/]/)
      expect(body!.trim()).toBe('')
    }
    expect(html).not.toMatch(/\son\w+=|javascript:/i)
  })
})

test.describe('navigation', () => {
  test('by link, script, form and refresh stays in the studio', async ({ launch }) => {
    const studio = await launch({ page })
    const refused = () =>
      [...studio.printed().matchAll(/Refused to navigate to (\S+)/g)].map((found) => found[1])
    await studio.page.evaluate(() => document.getElementById('link')!.click())
    await studio.page.evaluate(() => void (location.href = 'https://example.com/script'))
    await studio.page.evaluate(() => location.replace('http://127.0.0.1:9/replace'))
    await studio.page.evaluate(() => void (location.href = 'data:text/html,taken'))
    await studio.page.evaluate(() => void (location.href = 'app://weir/page.js'))
    await studio.page.evaluate(() => {
      const refresh = document.createElement('meta')
      refresh.httpEquiv = 'refresh'
      refresh.content = '0;url=https://example.com/refresh'
      document.head.append(refresh)
    })
    await expect
      .poll(refused)
      .toEqual(
        expect.arrayContaining([
          'https://example.com/',
          'https://example.com/script',
          'http://127.0.0.1:9/replace',
          'app://weir/page.js',
          'https://example.com/refresh',
        ]),
      )
    expect(studio.page.url()).toBe(HOME)
  })

  test('by a redirect is stopped where it leaves', async ({ launch }) => {
    const server = createServer((request, response) => {
      if (request.url === '/away')
        response.writeHead(302, { location: 'https://example.com/redirected' }).end()
      else response.end('here')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const studio = await launch({ page })
      const failure = await studio.app.evaluate(
        ({ BrowserWindow }, url) =>
          BrowserWindow.getAllWindows()[0]!
            .loadURL(url)
            .then(
              () => 'loaded',
              (error: Error) => error.message,
            ),
        `http://127.0.0.1:${port}/away`,
      )
      expect(failure).toMatch(/ERR_(ABORTED|FAILED)/)
      await expect
        .poll(() => studio.printed())
        .toContain('Refused to navigate to https://example.com/redirected')
    } finally {
      server.close()
    }
  })

  test('opens no window; https links go to the person’s browser, and nothing else does', async ({
    launch,
  }) => {
    const studio = await launch({ page })
    await studio.app.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = (url) => Promise.resolve(void opened.push(url))
    })
    const windows = await studio.page.evaluate(() =>
      [
        'https://example.com/docs',
        'http://example.com/',
        'file:///etc/passwd',
        'app://weir/',
        'javascript:alert(1)',
        'ms-settings:',
        'smb://example.com/share',
        'about:blank',
      ].map((url) => window.open(url)),
    )
    expect(windows.every((opened) => opened === null)).toBe(true)
    await studio.page.evaluate(() => document.getElementById('blank')!.click())
    const opened = () => studio.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    await expect.poll(opened).toEqual(['https://example.com/docs', 'https://example.com/docs'])
    expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
})

test.describe('permissions', () => {
  test('are denied: place, camera, notifications, devices, reading the clipboard', async ({ launch }) => {
    const studio = await launch({ page })
    const results = await studio.page.evaluate(async () => {
      const place = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code),
        ),
      )
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      )
      const state = async (name: string) => (await navigator.permissions.query({ name } as never)).state
      return {
        place,
        camera,
        notifications: await Notification.requestPermission(),
        clipboard: await state('clipboard-read'),
        midi: await state('midi'),
      }
    })
    expect(results).toEqual({
      place: 1,
      camera: expect.stringMatching(/NotAllowedError|NotFoundError/),
      notifications: 'denied',
      clipboard: 'denied',
      midi: 'denied',
    })
  })

  test('leave copying text', async ({ launch }) => {
    const studio = await launch({ page })
    const state = await studio.page.evaluate(
      async () => (await navigator.permissions.query({ name: 'clipboard-write' } as never)).state,
    )
    expect(state).toBe('granted')
    await studio.page.evaluate(() => window.weirDesktop!.copyText('four words of text'))
    expect(await studio.page.evaluate(() => window.weirDesktop!.readText())).toEqual({
      ok: true,
      value: 'four words of text',
    })
  })
})

/** Fetches like a page of our origin would, but without a page's own checks in the way. */
function request(
  studio: RunningStudio,
  url: string,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  return studio.app.evaluate(async ({ net }, url) => {
    const response = await net.fetch(url)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    }
  }, url)
}

/** Runs an attack in the page and tells which rules of the policy it ran into. */
async function violationsOf(studio: RunningStudio, attack: () => void | Promise<void>): Promise<string[]> {
  await studio.page.evaluate(() => {
    const violations: string[] = []
    Object.assign(window, { violations })
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
  })
  await studio.page.evaluate(attack)
  const read = () => studio.page.evaluate(() => (window as unknown as { violations: string[] }).violations)
  // Reports come a moment after the attempt: done when a marker of our own has come through, too.
  await studio.page.evaluate(() => void new Image().setAttribute('src', 'https://example.com/marker.png'))
  await expect.poll(read).toContain('img-src')
  return (await read()).filter((rule) => rule !== 'img-src')
}

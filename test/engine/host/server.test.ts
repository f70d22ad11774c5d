/** The local server under attack and in honest use, over real sockets. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Port } from '../../../engine/host/port.ts'
import { startServer } from '../../../engine/host/server.ts'
import type { RunningServer, ServerOptions } from '../../../engine/host/server.ts'

let folder: string
let root: string
let server: RunningServer
let accepted: Port[]

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-server-')))
  root = join(folder, 'root')
  await mkdir(join(folder, 'studio', 'assets'), { recursive: true })
  await mkdir(root)
  await mkdir(join(folder, 'examples'))
  await writeFile(join(folder, 'studio', 'index.html'), '<title>Weir</title>')
  await writeFile(join(folder, 'studio', 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'TOP-SECRET')
  accepted = []
  server = await start()
})

afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

function start(more: Partial<ServerOptions> = {}): Promise<RunningServer> {
  return startServer({
    root,
    rendererDir: join(folder, 'studio'),
    examplesDir: join(folder, 'examples'),
    accept: (port) => void accepted.push(port),
    ...more,
  })
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Sends the path as it is: `fetch` would tidy `..` away before the server could be tempted by it. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

const origin = () => `http://127.0.0.1:${server.port}`
const cookie = (token = server.token) => ({ cookie: `weir-${server.port}=${token}` })
const upload = (name: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(`/upload?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body,
    headers: { ...cookie(), origin: origin(), ...headers },
  })

describe('the key', () => {
  test('the printed address trades its key for a cookie and leaves no key in the address', async () => {
    const answer = await ask(server.url.slice(origin().length))
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    const [set] = answer.headers['set-cookie']!
    expect(set).toContain('HttpOnly')
    expect(set).toContain('SameSite=Strict')
    const page = await ask('/', { headers: { cookie: set!.split(';')[0]! } })
    expect([page.status, page.body]).toEqual([200, '<title>Weir</title>'])
  })

  test('the key has 128 bits and differs from start to start', async () => {
    const other = await start()
    try {
      expect(server.token).toMatch(/^[0-9a-f]{32}$/)
      expect(other.token).not.toBe(server.token)
    } finally {
      await other.close()
    }
  })

  test.each(['', 'x', '0'.repeat(32), '%00', 'é'])(
    'the wrong key %j is refused and sets no cookie',
    async (key) => {
      const answer = await ask(`/?token=${encodeURIComponent(key)}`)
      expect(answer.status).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  test.each(['/', '/index.html', '/assets/app-1a2b.js', '/examples', '/nothing'])(
    'without the cookie %s is refused',
    async (path) => {
      const answer = await ask(path)
      expect(answer.status).toBe(401)
      expect(answer.body).toContain('Open the address that weir serve printed')
    },
  )

  test('a cookie with another key, or of another port, is refused', async () => {
    expect((await ask('/', { headers: cookie('0'.repeat(32)) })).status).toBe(401)
    expect((await ask('/', { headers: { cookie: `weir-1=${server.token}` } })).status).toBe(401)
  })

  test('the address it redirects to is never another site', async () => {
    const answer = await ask(`//evil.example/x?token=${server.token}`)
    expect(answer.headers.location ?? '/').toMatch(/^\/(?!\/)/)
  })
})

describe('names and origins', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example',
    '[::1]',
  ])('a request addressed to %s is refused even with the key', async (host) => {
    const answer = await ask('/', { headers: { ...cookie(), host } })
    expect(answer.status).toBe(403)
    expect(
      (await ask(`/?token=${server.token}`, { headers: { host } })).headers['set-cookie'],
    ).toBeUndefined()
  })

  test('a request without a Host is refused', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.end(`GET /?token=${server.token} HTTP/1.0\r\n\r\n`)
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 403/)
  })

  test('localhost is as good as 127.0.0.1', async () => {
    expect((await ask('/', { headers: { ...cookie(), host: `localhost:${server.port}` } })).status).toBe(200)
  })

  test('no answer invites other sites, and each carries the security headers', async () => {
    const answers = await Promise.all([
      ask('/', { headers: { ...cookie(), origin: 'http://evil.example' } }),
      ask('/'),
      ask('/examples', { headers: cookie() }),
    ])
    for (const { headers } of answers) {
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
      expect(headers['content-security-policy']).not.toContain('unsafe-eval')
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    }
  })
})

describe('files', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%00',
    '/%',
    '/....//secret.txt',
  ])('%s does not lead out of the studio', async (path) => {
    const answer = await ask(path, { headers: cookie() })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).not.toContain('TOP-SECRET')
  })

  test('hashed files are kept for good, the page is asked for anew', async () => {
    expect((await ask('/assets/app-1a2b.js', { headers: cookie() })).headers['cache-control']).toContain(
      'immutable',
    )
    expect((await ask('/', { headers: cookie() })).headers['cache-control']).toBe('no-cache')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s on a page is refused', async (method) => {
    expect((await ask('/', { method, headers: cookie() })).status).toBe(405)
  })

  test('the examples are listed by name with what they are made of', async () => {
    const flow = { weir: 1, name: 'Squares', nodes: { a: { type: 'range' }, b: { type: 'table' } } }
    await writeFile(join(folder, 'examples', 'squares.weir.json'), JSON.stringify(flow))
    await writeFile(join(folder, 'examples', 'broken.weir.json'), '{')
    const answer = await ask('/examples', { headers: cookie() })
    expect(JSON.parse(answer.body)).toEqual([
      { name: 'Squares', path: join(folder, 'examples', 'squares.weir.json'), summary: 'range → table' },
    ])
  })

  test('a studio that is not built is said so, with the command', async () => {
    await expect(start({ rendererDir: join(folder, 'nowhere') })).rejects.toMatchObject({
      message: expect.stringContaining('not built'),
      remedy: 'Run: npm run build',
    })
  })

  test('a port that is taken is said so', async () => {
    await expect(start({ port: server.port })).rejects.toMatchObject({
      message: `Port ${server.port} is taken by another program.`,
    })
  })
})

describe('uploads', () => {
  test('a file arrives whole under its name, a second one beside it', async () => {
    const bytes = Buffer.alloc(300_000, 'weir\0')
    const first = await upload('access log.csv', bytes)
    const second = await upload('access log.csv', 'two')
    expect(JSON.parse(first.body)).toEqual({ path: join(root, 'uploads', 'access log.csv') })
    expect(JSON.parse(second.body)).toEqual({ path: join(root, 'uploads', 'access log-2.csv') })
    expect(bytes.equals(await readFile(join(root, 'uploads', 'access log.csv')))).toBe(true)
    expect(await readFile(join(root, 'uploads', 'access log-2.csv'), 'utf8')).toBe('two')
  })

  test.each([
    ['../../x', 'x'],
    ['..\\..\\x.csv', 'x.csv'],
    ['/etc/passwd', 'passwd'],
    ['..', 'upload'],
    ['', 'upload'],
    ['.bashrc', 'bashrc'],
    ['a\0b\n.csv', 'a_b_.csv'],
    ['NUL.csv', '_NUL.csv'],
    ['x'.repeat(5000) + '.csv', 'x'.repeat(50) + '.csv'],
  ])('an upload called %j stays in the folder', async (name, expected) => {
    const answer = await upload(name, 'data')
    expect(JSON.parse(answer.body)).toEqual({ path: join(root, 'uploads', expected) })
    expect(await readdir(join(root, 'uploads'))).toEqual([expected])
    expect((await readdir(folder)).sort()).toEqual(['examples', 'root', 'secret.txt', 'studio'])
  })

  test.each([
    ['another site', { origin: 'http://evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page without the key', { cookie: '' }, 401],
  ])('an upload from %s writes nothing', async (_who, headers, status) => {
    expect((await upload('x.csv', 'data', headers)).status).toBe(status)
    expect(await readdir(root)).toEqual([])
  })

  test('an upload without an Origin writes nothing', async () => {
    const answer = await ask('/upload?name=x', { method: 'POST', body: 'data', headers: cookie() })
    expect(answer.status).toBe(403)
    expect(await readdir(root)).toEqual([])
  })

  test.each([
    ['announced', { 'content-length': '2000' }],
    ['not announced', { 'transfer-encoding': 'chunked' }],
  ])('an upload over the limit that is %s is refused and leaves nothing behind', async (_how, headers) => {
    await server.close()
    server = await start({ uploadLimit: 1000 })
    const answer = await upload('big.csv', Buffer.alloc(2000), headers)
    expect(answer.status).toBe(413)
    expect(await readdir(join(root, 'uploads')).catch(() => [])).toEqual([])
  })

  test('an upload of exactly the limit is taken', async () => {
    await server.close()
    server = await start({ uploadLimit: 1000 })
    expect((await upload('big.csv', Buffer.alloc(1000))).status).toBe(200)
  })

  test('an upload folder that is a link to elsewhere is refused', async () => {
    await mkdir(join(folder, 'elsewhere'))
    await symlink(join(folder, 'elsewhere'), join(root, 'uploads'))
    expect((await upload('x.csv', 'data')).status).toBe(403)
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([])
  })
})

describe('the engine connection', () => {
  const open = (headers: Record<string, string>, path = '/engine') =>
    new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
  const honest = () => ({ ...cookie(), origin: origin() })

  async function refusal(socket: WebSocket): Promise<number> {
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    socket.on('error', () => {})
    socket.terminate()
    return response.statusCode
  }

  test('JSON goes both ways', async () => {
    const socket = open(honest())
    await once(socket, 'open')
    const port = accepted[0]!
    const heard = new Promise((resolve) => port.onMessage(resolve))
    socket.send('{"q":"ä"}')
    expect(await heard).toEqual({ q: 'ä' })
    port.send({ a: [1, null] })
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(data.toString())).toEqual({ a: [1, null] })
    const gone = new Promise<void>((resolve) => port.onClose(resolve))
    socket.close()
    await gone
  })

  test.each([
    ['no key', () => ({ origin: origin() }), 401],
    ['a wrong key', () => ({ ...cookie('0'.repeat(32)), origin: origin() }), 401],
    ['no origin', () => cookie(), 403],
    ['a foreign origin', () => ({ ...cookie(), origin: 'http://evil.example' }), 403],
    ['a look-alike origin', () => ({ ...cookie(), origin: `${origin()}.evil.example` }), 403],
    ['a foreign name', () => ({ ...cookie(), host: 'evil.example', origin: 'http://evil.example' }), 403],
  ])('with %s it is refused before the engine hears of it', async (_what, headers, status) => {
    expect(await refusal(open(headers()))).toBe(status)
    expect(accepted).toEqual([])
  })

  test('it is only at its own path', async () => {
    expect(await refusal(open(honest(), '/other'))).toBe(404)
  })

  test.each([
    ['text that is no JSON', '{', 1007],
    ['binary data', Buffer.from([1, 2]), 1003],
  ])('%s ends the connection, not the server', async (_what, data, code) => {
    const socket = open(honest())
    await once(socket, 'open')
    socket.send(data)
    expect((await once(socket, 'close'))[0]).toBe(code)
    expect((await ask('/', { headers: cookie() })).status).toBe(200)
  })

  test('a client that does not answer pings is cut off, one that does stays', async () => {
    await server.close()
    server = await start({ pingMs: 20 })
    const alive = open(honest())
    await once(alive, 'open')
    const dead = new WebSocket(`ws://127.0.0.1:${server.port}/engine`, { headers: honest(), autoPong: false })
    expect((await once(dead, 'close'))[0]).toBe(1006)
    expect(alive.readyState).toBe(WebSocket.OPEN)
    alive.terminate()
  })

  test('closing the server ends its connections', async () => {
    const socket = open(honest())
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await server.close()
    await closed
    await expect(ask('/')).rejects.toThrow('ECONNREFUSED')
  })
})

/** `weir serve` as a child process: address, engine over the wire, and its end. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Port } from '../../../engine/host/port.ts'
import { PROTOCOL_VERSION } from '../../../engine/host/protocol.ts'
import { webSocketPort } from '../../../engine/host/web-socket-port.ts'
import { connectClient } from '../../../renderer/transport/client.ts'
import { startWeir, temporaryFolder, weir } from './weir.ts'
import type { Folder, Running } from './weir.ts'

const PAGE = fileURLToPath(new URL('../../../dist/renderer/index.html', import.meta.url))

let folder: Folder
let running: Running | undefined

beforeAll(() => {
  if (!existsSync(PAGE)) throw new Error(`${PAGE} is not built. Run: npm run build`)
})
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.ended
  running = undefined
  await folder.remove()
})

/** Starts the server and reads its address from the first line. */
async function serve(...args: string[]): Promise<URL> {
  running = startWeir(['serve', ...args], folder.path, { readOut: false })
  const [line] = (await once(createInterface({ input: running.child.stdout }), 'line')) as [string]
  return new URL(line.replace('Weir is at ', ''))
}

/** A client of the engine, as the page has one. */
async function connect(url: URL) {
  const answer = await fetch(url, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  const socket = new WebSocket(`ws://${url.host}/engine`, { headers: { cookie, origin: url.origin } })
  await once(socket, 'open')
  const port: Port = webSocketPort(socket)
  return { cookie, client: connectClient(port), port }
}

test('the printed address leads to the studio, and the engine runs a flow there', async () => {
  const flow = await folder.flow({ n: { type: 'range', config: { to: 5 } }, t: { type: 'table' } })
  const url = await serve(flow)
  expect(url.hostname).toBe('127.0.0.1')
  const { cookie, client } = await connect(url)
  expect((await fetch(url.origin, { headers: { cookie } })).headers.get('content-type')).toContain(
    'text/html',
  )

  const hello = await client.request('hello', { protocol: PROTOCOL_VERSION, clientId: 'test' })
  expect(hello).toMatchObject({ files: true, root: folder.path, open: { path: join(folder.path, flow) } })
  const parsed = await client.request('parse', { text: hello.open!.text, baseDir: folder.path })
  const done = new Promise((resolve) => client.on('run', (state) => state.phase === 'done' && resolve(state)))
  const started = await client.request('start', { flow: parsed.flow!, baseDir: folder.path })
  if (!started.ok) throw new Error('The flow did not start.')
  await done
  const rows = await client.request('rows', { runId: started.run.runId, node: 't', offset: 0, limit: 10 })
  expect(rows.rows).toEqual([1, 2, 3, 4, 5])
})

test('documents are read and written under the root only, and changes by others are noticed', async () => {
  const flow = await folder.flow({ n: { type: 'range' }, t: { type: 'table' } })
  const { client } = await connect(await serve())
  await client.request('hello', { protocol: PROTOCOL_VERSION, clientId: 'test' })
  const read = await client.request('readDocument', { path: flow })
  const saved = await client.request('writeDocument', {
    path: read.path,
    text: '{}',
    expectedMtimeMs: read.mtimeMs,
  })
  expect((await client.request('readDocument', { path: flow })).text).toBe('{}')
  await expect(
    client.request('writeDocument', { path: flow, text: '[]', expectedMtimeMs: saved.mtimeMs - 1000 }),
  ).rejects.toMatchObject({ code: 'changed-on-disk' })
  await expect(client.request('listFolder', { path: '..' })).rejects.toMatchObject({ code: 'refused' })
  await expect(client.request('readDocument', { path: '../../etc/passwd' })).rejects.toMatchObject({
    code: 'refused',
  })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the server in good order, whoever is connected',
  async (signal) => {
    const { port } = await connect(await serve())
    const closed = new Promise<void>((resolve) => port.onClose(resolve))
    running!.child.kill(signal)
    await closed
    expect(await running!.ended).toMatchObject({ status: 0, signal: null })
  },
)

test.each([
  ['a flow that is missing', ['gone.weir.json'], 'There is no file gone.weir.json.'],
  ['a root that is missing', ['--root', 'gone'], 'does not exist'],
  ['a port that is none', ['--port', '99999'], 'A port is a number from 0 to 65535'],
  ['a flow outside the root', ['flow1.weir.json', '--root', 'sub'], 'lies outside --root'],
])('%s ends with 2', async (_what, args, words) => {
  await folder.flow({ n: { type: 'range' }, t: { type: 'table' } })
  const { status, err } = await weir(['serve', ...args], folder.path)
  expect(status).toBe(2)
  expect(err).toContain(words)
})

test('a port that is taken is said so', async () => {
  const url = await serve()
  const { status, err } = await weir(['serve', '--port', url.port], folder.path)
  expect(status).toBe(2)
  expect(err).toContain(`Port ${url.port} is taken`)
})

/** Reconnecting to `weir serve`, in virtual time. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryPortPair } from '../../../engine/host/port.ts'
import type { Port } from '../../../engine/host/port.ts'
import type { EngineStatus } from '../../../renderer/shell/shell.ts'
import { createWebEngine } from '../../../renderer/shell/web-engine.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server that can be away, or refuse the page. */
function setUp() {
  const server = { up: true, admits: true, opened: [] as Port[], tries: 0 }
  const engine = createWebEngine({
    async open() {
      server.tries++
      if (!server.up || !server.admits) throw new Error('refused')
      const [port] = memoryPortPair()
      server.opened.push(port)
      return port
    },
    async admitted() {
      if (!server.up) throw new TypeError('fetch failed')
      return server.admits
    },
  })
  const heard: EngineStatus[] = []
  engine.onStatus((status) => heard.push(status))
  return { server, engine, heard }
}

test('the first connection is told as connecting, then ready', async () => {
  const { engine, heard } = setUp()
  await engine.connect()
  expect(heard).toEqual([{ state: 'connecting' }, { state: 'ready' }])
})

test('a lost connection is told, and the next connect finds the server at once', async () => {
  const { server, engine, heard } = setUp()
  await engine.connect()
  await vi.advanceTimersByTimeAsync(60_000)
  server.opened[0]!.close()
  await vi.advanceTimersByTimeAsync(0)
  expect(heard.at(-1)).toMatchObject({ state: 'crashed', restartInMs: 0 })
  await engine.connect()
  expect(heard.at(-1)).toEqual({ state: 'ready' })
})

test('while the server is away the waits double up to eight seconds, and say how long', async () => {
  const { server, engine, heard } = setUp()
  server.up = false
  const port = engine.connect()
  await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000 + 8000)
  const waits = heard.flatMap((status) => (status.state === 'crashed' ? [status.restartInMs] : []))
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000])
  server.up = true
  await vi.advanceTimersByTimeAsync(8000)
  await port
  expect(heard.at(-1)).toEqual({ state: 'ready' })
})

test('a server that ends each connection at once is not asked in a spin', async () => {
  const { server, engine } = setUp()
  for (let round = 0; round < 3; round++) {
    const closed = engine.connect().then((port) => port.close())
    await vi.advanceTimersByTimeAsync(10_000)
    await closed
  }
  void engine.connect()
  await vi.advanceTimersByTimeAsync(400)
  expect(server.tries).toBe(3)
})

test('a page whose key is refused gives up with what to do', async () => {
  const { server, engine, heard } = setUp()
  server.admits = false
  await expect(engine.connect()).rejects.toThrow('Open the address that it printed last')
  expect(heard.at(-1)).toMatchObject({ state: 'gone' })
})

test('asked to retry now it does not sit the wait out', async () => {
  const { server, engine } = setUp()
  server.up = false
  const port = engine.connect()
  await vi.advanceTimersByTimeAsync(0)
  server.up = true
  engine.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  await expect(port).resolves.toBeDefined()
})

test('asked to retry after giving up it is connecting again, and a page that is admitted now gets in', async () => {
  const { server, engine, heard } = setUp()
  server.admits = false
  await expect(engine.connect()).rejects.toThrow('Open the address that it printed last')
  server.admits = true
  engine.retryNow()
  expect(heard.at(-1)).toEqual({ state: 'connecting' })
  await engine.connect()
  expect(heard.at(-1)).toEqual({ state: 'ready' })
})

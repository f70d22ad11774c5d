/** The desktop shell over a bridge of the test's own: answers, the engine's port, its status. */
import { beforeEach, expect, test, vi } from 'vitest'
import type { DesktopBridge } from '../../../renderer/shell/bridge.ts'
import { createDesktopShell } from '../../../renderer/shell/desktop.ts'
import { receiveEnginePort } from '../../../renderer/shell/engine-port.ts'
import type { EngineStatus } from '../../../renderer/shell/shell.ts'

/** A window that hears what it is sent. */
class FakeWindow {
  readonly listeners = new Set<(event: MessageEvent) => void>()
  addEventListener(_type: 'message', listener: (event: MessageEvent) => void) {
    this.listeners.add(listener)
  }
  removeEventListener(_type: 'message', listener: (event: MessageEvent) => void) {
    this.listeners.delete(listener)
  }
  receive(event: { source: unknown; data: unknown; ports: unknown[] }) {
    for (const listener of this.listeners) listener(event as unknown as MessageEvent)
  }
}

let page: FakeWindow
let status: (status: EngineStatus) => void
const bridge = (parts: Partial<DesktopBridge>) =>
  ({
    platform: 'linux',
    onEngineStatus: (listener: typeof status) => {
      status = listener
      return () => undefined
    },
    engineStatus: () => Promise.resolve({ ok: true, value: { state: 'connecting' } }),
    ...parts,
  }) as DesktopBridge

beforeEach(() => {
  page = new FakeWindow()
  vi.stubGlobal('window', page)
})

test('an answer is its value, a failure a RequestError with its code', async () => {
  const openPath = vi
    .fn<DesktopBridge['openPath']>()
    .mockResolvedValueOnce({ ok: true, value: { path: '/a', text: 'x', mtimeMs: 1 } })
    .mockResolvedValueOnce({ ok: false, error: { code: 'not-found', message: 'Gone.', remedy: 'Look.' } })
  const shell = createDesktopShell(bridge({ openPath }))
  await expect(shell.openPath('/a')).resolves.toMatchObject({ text: 'x' })
  await expect(shell.openPath('/a')).rejects.toMatchObject({
    name: 'RequestError',
    code: 'not-found',
    message: 'Gone.',
    remedy: 'Look.',
  })
})

test('connecting gives a port that carries messages both ways, and no listener stays behind', async () => {
  const { port1, port2 } = new MessageChannel()
  const connectEngine = async (nonce: string) => {
    page.receive({ source: page, data: { weir: 'engine-port', nonce }, ports: [port1] })
    return { ok: true, value: null } as const
  }
  const port = await createDesktopShell(bridge({ connectEngine })).connect()
  expect(page.listeners.size).toBe(0)
  const heard = new Promise((resolve) => port.onMessage(resolve))
  port2.addEventListener('message', (event) => port2.postMessage({ echo: event.data as unknown }))
  port2.start()
  port.send({ hello: 1 })
  expect(await heard).toEqual({ echo: { hello: 1 } })
  port.close()
})

test('a crash of the engine closes its port once, whatever the carrier says', async () => {
  const { port1 } = new MessageChannel()
  const connectEngine = async (nonce: string) => {
    page.receive({ source: page, data: { weir: 'engine-port', nonce }, ports: [port1] })
    return { ok: true, value: null } as const
  }
  const port = await createDesktopShell(bridge({ connectEngine })).connect()
  const closed = vi.fn<() => void>()
  const gone = new Promise<void>((resolve) => port.onClose(() => resolve(closed())))
  status({ state: 'crashed', reason: 'x', restartInMs: 1 })
  status({ state: 'gone', reason: 'x' })
  await gone
  port1.dispatchEvent(new Event('close'))
  expect(closed).toHaveBeenCalledOnce()
})

test('an engine that was given up makes connecting fail, and no listener stays behind', async () => {
  const connectEngine = () =>
    Promise.resolve({ ok: false, error: { code: 'failed', message: 'Given up.' } } as const)
  await expect(createDesktopShell(bridge({ connectEngine })).connect()).rejects.toThrow('Given up.')
  expect(page.listeners.size).toBe(0)
})

test('a port with another nonce, from another window, or of another kind is not taken', async () => {
  const arriving = receiveEnginePort(page, 'mine')
  const taken = vi.fn<() => void>()
  void arriving.port.then(() => taken())
  const { port1 } = new MessageChannel()
  page.receive({ source: page, data: { weir: 'engine-port', nonce: 'theirs' }, ports: [port1] })
  page.receive({ source: {}, data: { weir: 'engine-port', nonce: 'mine' }, ports: [port1] })
  page.receive({ source: page, data: { weir: 'other', nonce: 'mine' }, ports: [port1] })
  page.receive({ source: page, data: { weir: 'engine-port', nonce: 'mine' }, ports: [] })
  page.receive({ source: page, data: null, ports: [port1] })
  await Promise.resolve()
  expect(taken).not.toHaveBeenCalled()
  page.receive({ source: page, data: { weir: 'engine-port', nonce: 'mine' }, ports: [port1] })
  await expect(arriving.port).resolves.toBeDefined()
})

test('who asks late hears the present status, unless a newer one came first', async () => {
  const first = vi.fn<(status: EngineStatus) => void>()
  createDesktopShell(bridge({})).onEngineStatus(first)
  await vi.waitFor(() => expect(first).toHaveBeenCalledExactlyOnceWith({ state: 'connecting' }))
  const second = vi.fn<(status: EngineStatus) => void>()
  createDesktopShell(bridge({})).onEngineStatus(second)
  status({ state: 'ready' })
  await Promise.resolve().then(() => Promise.resolve())
  expect(second.mock.calls).toEqual([[{ state: 'ready' }]])
})

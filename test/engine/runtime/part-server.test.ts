/** What a worker says to the run, and hears of it: also where both are in one thread, and messages come together. */
import { expect, it } from 'vitest'
import { localPorts } from '../../../engine/runtime/local-ports.ts'
import type { PartAside } from '../../../engine/runtime/part-aside.ts'
import { WINDOW, type FromPart } from '../../../engine/runtime/part-protocol.ts'
import { PartServer } from '../../../engine/runtime/part-server.ts'
import type { PartOutput, PartWork } from '../../../engine/runtime/part-work.ts'

it('a share whose turn it is when it is given waits for room, and lays nothing on disk', async () => {
  const { port1, port2 } = localPorts()
  const laid: unknown[] = []
  const aside: Partial<PartAside> = {
    has: () => laid.length > 0,
    lay: (_, piece) => void laid.push(piece),
    taken: () => [],
  }
  const work: Partial<PartWork> = {
    async run(parts: AsyncIterable<unknown>, out: PartOutput) {
      for await (const part of parts) {
        if (part !== 'second') continue
        for (let at = 0; at < WINDOW; at++) {
          const room = out.encoded('edge', { length: 1, bytes: new Uint8Array(1), failures: [] })
          if (room) await room
        }
      }
    },
    came: () => ({}),
  }
  const server = new PartServer(
    work as PartWork,
    port2,
    { part: 0, parts: 2 },
    {
      close: () => {},
      isStopAsked: () => false,
      aside: aside as PartAside,
    },
  )
  const shares = ['second']
  let pieces = 0
  port1.on('message', (message) => {
    const { say } = message as FromPart
    if (say === 'want') {
      const next = shares.shift()
      port1.postMessage({ say: 'share', ...(next && { share: { work: next } }) })
      port1.postMessage({ say: 'turn' })
    }
    if (say === 'encoded' && ++pieces === WINDOW) port1.postMessage({ say: 'room', edge: 'edge' })
  })
  await server.run('first', 'late')
  expect(laid).toEqual([])
  expect(pieces).toBe(WINDOW)
})

/** Queues of bytes: bounded, and open to a piece that is larger than the bound. */
import { expect, it } from 'vitest'
import { EDGE_METERS } from '../../../engine/host/protocol.ts'
import { Channel } from '../../../engine/runtime/channel.ts'
import { EdgeMeters } from '../../../engine/runtime/meter.ts'
import type { EncodedBatch } from '../../../engine/spec/node.ts'

const piece = (bytes: number): EncodedBatch => ({ length: 7, bytes: new Uint8Array(bytes), failures: [] })

it('a queue of bytes takes a piece of any size, where it is empty', async () => {
  const meters = new EdgeMeters(new Float64Array(EDGE_METERS.length), 0)
  const channel = new Channel<EncodedBatch>({ records: Infinity, bytes: 100 }, meters)
  expect(channel.push(piece(1000), 1000)).toBeUndefined()
  const room = channel.push(piece(500), 500)
  expect(room).toBeInstanceOf(Promise)
  expect(channel.shift()!.bytes.length).toBe(1000)
  await room
  expect(channel.shift()!.bytes.length).toBe(500)
  expect(channel.shift()).toBeUndefined()
})

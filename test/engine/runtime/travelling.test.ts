/** Records that go to another thread as columns arrive as they were. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packed, unpacked, type Travelling } from '../../../engine/runtime/travelling.ts'

function sent(batch: readonly unknown[]): unknown[] {
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(packed('n', batch))
  const { message } = receiveMessageOnPort(port2) as { message: Travelling }
  port1.close()
  return unpacked(message) as unknown[]
}

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ud800', '\udc00', 'ä', '𝄞', '__proto__'),
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, 2 ** 31, null, undefined, true, 10n ** 30n),
  fc.constant(new Date(NaN)),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.record({ a: fc.string(), b: fc.integer() }, { requiredKeys: [] }),
)
const kinds = [
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  value,
  fc.record({ s: fc.string(), n: fc.double() }),
]

describe('records on their way to another thread', () => {
  it('arrive as they were, those alike as columns and others as they are', () => {
    const alike = fc
      .tuple(fc.constantFrom(...kinds), fc.constantFrom(...kinds))
      .chain(([a, b]) => fc.array(fc.record({ a, b, ['__proto__x']: b }), { maxLength: 40 }))
    const batch = fc.oneof(
      alike,
      fc.array(fc.string(), { maxLength: 40 }),
      fc.array(value, { maxLength: 20 }),
    )
    fc.assert(
      fc.property(batch, (records) => {
        const arrived = sent(records)
        expect(arrived).toEqual(structuredClone(records))
        arrived.forEach((record, at) => {
          if (typeof record === 'object' && record !== null)
            expect(Object.keys(record)).toEqual(Object.keys(records[at] as object))
        })
      }),
      { numRuns: 300 },
    )
  })

  it('are refused wherever they hold what would not arrive', () => {
    class Place {
      readonly row = 1
    }
    for (const odd of [new Place(), () => 1, Symbol('x'), Buffer.from('x')]) {
      for (const record of [{ odd }, { inner: { odd } }, { list: [1, [odd]] }, odd]) {
        expect(() => packed('n', [record, record])).toThrow(/cannot be sent from thread to thread/)
        expect(() => packed('n', [{ odd: 1, inner: { odd: 1 }, list: [] }, record])).toThrow(/cannot be sent/)
      }
    }
  })
})

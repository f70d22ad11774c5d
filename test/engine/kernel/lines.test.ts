/** The kernels that look at bytes of any format, against the plainest way to say the same. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newKernel } from '../../../engine/kernel/module.ts'
import { GUARD } from '../../../engine/kernel/layout.ts'

const { exports, memory } = newKernel()
const at = exports.allocate(4096 + GUARD)
const bytesWith = (...odd: number[]) =>
  fc.array(
    fc.oneof({ weight: 60, arbitrary: fc.integer({ min: 1, max: 127 }) }, fc.constantFrom(10, ...odd)),
    {
      maxLength: 300,
      size: 'max',
    },
  )

function laid(bytes: readonly number[]): { from: number; to: number } {
  // What lies behind the end must not be looked at.
  new Uint8Array(memory.buffer, at, bytes.length + GUARD).fill(bytes.length % 2 === 0 ? 0 : 10)
  new Uint8Array(memory.buffer).set(bytes, at)
  return { from: at, to: at + bytes.length }
}

describe('bytes', () => {
  it('are plain where they are ASCII without NUL', () => {
    fc.assert(
      fc.property(bytesWith(0, 128, 255), (bytes) => {
        const { from, to } = laid(bytes)
        expect(exports.isPlain(from, to) !== 0).toBe(bytes.every((byte) => byte > 0 && byte < 128))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('hold as many lines as line feeds', () => {
    fc.assert(
      fc.property(bytesWith(10), (bytes) => {
        const { from, to } = laid(bytes)
        expect(exports.countLines(from, to)).toBe(bytes.filter((byte) => byte === 10).length)
      }),
      { numRuns: 500, seed: 2 },
    )
  })

  it('lie in memory that grows and keeps what is there', () => {
    const kernel = newKernel()
    const first = kernel.exports.allocate(8)
    new Uint8Array(kernel.memory.buffer)[first] = 7
    const large = kernel.exports.allocate(64 * 1024 * 1024)
    expect(large).toBeGreaterThan(first)
    expect(kernel.memory.buffer.byteLength).toBeGreaterThanOrEqual(large + 64 * 1024 * 1024)
    expect(new Uint8Array(kernel.memory.buffer)[first]).toBe(7)
    expect(new Uint8Array(kernel.memory.buffer, large, 4096).every((byte) => byte === 0)).toBe(true)
  })
})

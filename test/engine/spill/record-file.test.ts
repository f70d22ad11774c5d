/** Records come back from disk as they were, all of them, in order. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBlock, encodeBlock } from '../../../engine/spill/block-codec.ts'
import { RecordFile } from '../../../engine/spill/record-file.ts'
import { temporaryFolder } from '../fake-context.ts'
import { anyRecord, anyValue } from './any-record.ts'
import { littleMemory } from './little-memory.ts'

class Point {
  x = 1
}

describe('a block', () => {
  it('gives back every value exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyRecord, anyValue), { maxLength: 20 }), (records) => {
        expect(isDeepStrictEqual(decodeBlock(encodeBlock(records)), records)).toBe(true)
      }),
    )
  })

  it('gives back records of one shape, whatever their fields are called', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', 'a"b', 'column0'))
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
        fc.array(anyValue),
        (names, values) => {
          const records = values.map((value) => Object.fromEntries(names.map((field) => [field, value])))
          const back = decodeBlock(encodeBlock(records)) as object[]
          expect(isDeepStrictEqual(back, records)).toBe(true)
          expect(back.map((record) => Object.keys(record))).toEqual(
            records.map((record) => Object.keys(record)),
          )
        },
      ),
    )
  })

  it('gives back bytes that hold nothing of the block', () => {
    const block = encodeBlock([{ bytes: new Uint8Array([1, 2]), buffer: Buffer.from('ab') }, 'x'])
    const [back] = decodeBlock(block) as [{ bytes: Uint8Array; buffer: Buffer }]
    block.fill(0)
    expect(back.bytes.buffer.byteLength).toBe(2)
    expect(back).toEqual({ bytes: new Uint8Array([1, 2]), buffer: Buffer.from('ab') })
  })

  it.each([
    ['a function', { call: () => 1 }, /laid on disk: .*=> 1 could not be cloned/],
    [
      'an object of a class',
      { at: { url: new URL('http://a.b') } },
      /laid on disk: an object of the class URL/,
    ],
    ['such an object in a map', new Map([[1, new Point()]]), /an object of the class Point/],
    ['a record of a class', new Point(), /an object of the class Point/],
  ])('refuses %s rather than changing it', (_, value, message) => {
    expect(() => encodeBlock([value])).toThrow(message)
  })
})

describe('a file of records', () => {
  it('is read while it is written, as often as wanted', () => {
    fc.assert(
      fc.property(
        fc.array(anyRecord),
        fc.array(anyRecord),
        fc.integer({ min: 1, max: 500 }),
        (a, b, bytes) => {
          const memory = littleMemory(0)
          const file = new RecordFile(memory, bytes)
          for (const record of a) file.add(record)
          expect(isDeepStrictEqual([...file], a)).toBe(true)
          for (const record of b) file.add(record)
          expect(isDeepStrictEqual([...file], [...a, ...b])).toBe(true)
          expect(isDeepStrictEqual([...RecordFile.from(file.data())], [...a, ...b])).toBe(true)
          expect(file.count).toBe(a.length + b.length)
          file.remove()
          expect(memory.files()).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('says that the disk refused, and what to do', () => {
    const missing = join(temporaryFolder(), 'gone')
    const file = new RecordFile({ newFile: () => join(missing, '1') })
    file.add('x')
    expect(() => file.flush()).toThrow(/gone” cannot take them: there is no such folder/)
  })

  it('does not take a file that was cut for a shorter one', () => {
    const path = join(temporaryFolder(), '1')
    const file = new RecordFile({ newFile: () => path })
    file.add({ a: 1 })
    file.flush()
    writeFileSync(path, '')
    expect(() => [...file]).toThrow(/somebody removed or cut a temporary file/)
  })
})

/** Lines from bytes, whatever the chunks. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatOf, extensionOf, isTabSeparated } from '../../../engine/formats/format-name.ts'
import { readLines } from '../../../engine/formats/line-reader.ts'
import { bytesOf, collect } from '../fake-context.ts'

const options = { name: 'a.txt', maxLineBytes: 1024 * 1024 }

test('lines and their numbers do not depend on where the chunks are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r\n', ' '), maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (whole, sizes) => {
        const bytes = Buffer.from(whole)
        const chunks: Buffer[] = []
        for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!) {
          chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!))
        }
        const blocks = await collect(readLines(bytesOf(...chunks), options))
        const expected = whole.split(/\r?\n/)
        if (expected.at(-1) === '') expected.pop()
        expect(blocks.flatMap((block) => block.lines)).toEqual(expected)
        let next = 1
        for (const block of blocks) {
          expect(block.first).toBe(next)
          next += block.lines.length
        }
        expect(blocks.reduce((sum, block) => sum + block.bytes, 0)).toBe(bytes.length)
      },
    ),
    { seed: 1, numRuns: 300 },
  )
})

test('a block holds at most 1024 lines, and at most 256 KiB unless a single line is longer', async () => {
  const short = await collect(readLines(bytesOf('\n'.repeat(3000)), options))
  expect(short.map((block) => block.lines.length)).toEqual([1024, 1024, 952])
  const long = await collect(readLines(bytesOf(`${'x'.repeat(300_000)}\n`.repeat(3)), options))
  expect(long.map((block) => block.lines.length)).toEqual([1, 1, 1])
})

test('the carriage return stays where the reader asks for it', async () => {
  const blocks = await collect(readLines(bytesOf('a\r\nb\r\n'), { ...options, keepCr: true }))
  expect(blocks[0]?.lines).toEqual(['a\r', 'b\r'])
})

test('the byte order mark is left out at the start only', async () => {
  const blocks = await collect(readLines(bytesOf('\ufeffa\n\ufeffb\n'), options))
  expect(blocks[0]?.lines).toEqual(['a', '\ufeffb'])
})

test.each([
  ['a.csv', 'csv', 'csv'],
  ['dir.csv/README', '', 'lines'],
  ['A.CSV.GZ', 'csv', 'csv'],
  ['x/y.jsonl', 'jsonl', 'ndjson'],
  ['.csv', '', 'lines'],
  ['c:\\data\\a.tsv', 'tsv', 'csv'],
  ['access.log.1', '1', 'lines'],
])('%s has the extension %j and the format %s', (path, extension, format) => {
  expect(extensionOf(path)).toBe(extension)
  expect(formatOf(path)).toBe(format)
  expect(isTabSeparated(path)).toBe(extension === 'tsv')
})

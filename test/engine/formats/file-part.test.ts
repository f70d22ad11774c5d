/** Shares of files: together they are the files, once and in order. */
import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { checkUnchanged } from '../../../engine/formats/file-changed.ts'
import { splitFiles } from '../../../engine/formats/file-part.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-part-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: string | Buffer) {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return { path, name }
}

test('shares are contiguous, cover everything once and are alike in bytes', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 9 }), (lengths, parts) => {
      const files = lengths.map((length, i) => file(`f${i}`, 'x'.repeat(length)))
      const total = lengths.reduce((a, b) => a + b, 0)
      const split = splitFiles(files, { parts })
      expect(split === undefined).toBe(total === 0)
      if (split === undefined) return
      expect(split.bytes).toBe(total)
      expect(split.parts.length).toBeLessThanOrEqual(parts)
      const pieces = split.parts.flat()
      expect([...new Set(pieces.map(({ name }) => name))]).toEqual(
        files.filter((_, i) => lengths[i]! > 0).map(({ name }) => name),
      )
      for (const [i, { name }] of files.entries()) {
        const own = pieces.filter((piece) => piece.name === name)
        if (lengths[i] === 0) continue
        expect(own.map(({ from }) => from)).toEqual([0, ...own.slice(0, -1).map(({ to }) => to)])
        expect(own.at(-1)!.to).toBe(lengths[i])
      }
      for (const share of split.parts) {
        const bytes = share.reduce((sum, { from, to }) => sum + to - from, 0)
        expect(bytes).toBeGreaterThan(0)
        expect(bytes).toBeLessThanOrEqual(total / parts + 1)
      }
    }),
    { seed: 4, numRuns: 100 },
  )
})

test('by size: as many shares as there are pieces of about so many bytes', () => {
  const split = splitFiles([file('big', 'x'.repeat(1000))], { bytes: 300 })!
  expect(split.parts.map((share) => share[0]!.to - share[0]!.from)).toEqual([250, 250, 250, 250])
})

test('what is missing, no plain file, empty or one packed stream is not cut', () => {
  const packed = file('a.gz', gzipSync('text'))
  expect(splitFiles([{ path: join(folder, 'missing'), name: 'missing' }], { parts: 2 })).toBeUndefined()
  expect(splitFiles([{ path: '/dev/zero', name: 'zero' }], { parts: 2 })).toBeUndefined()
  expect(splitFiles([{ path: folder, name: 'folder' }], { parts: 2 })).toBeUndefined()
  expect(splitFiles([file('empty', '')], { parts: 2 })).toBeUndefined()
  expect(splitFiles([packed], { parts: 2 })).toBeUndefined()
})

test('packed files stay whole, each in one share', () => {
  const files = [1, 2, 3, 4].map((i) => file(`${i}.gz`, gzipSync('text')))
  const { parts } = splitFiles(files, { parts: 2 })!
  expect(parts.map((share) => share.map(({ name }) => name))).toEqual([
    ['1.gz', '2.gz'],
    ['3.gz', '4.gz'],
  ])
  expect(parts.flat().every(({ packed, from, to, size }) => packed && from === 0 && to === size)).toBe(true)
})

test('a file may grow while it is read, but not shrink, be replaced or rewritten', () => {
  const source = file('log', 'one\ntwo\n')
  const part = splitFiles([source], { parts: 1 })!.parts[0]![0]!
  const now = () => statSync(source.path)
  expect(() => checkUnchanged(part, now())).not.toThrow()
  utimesSync(source.path, 1, 1)
  expect(() => checkUnchanged(part, now())).toThrow('changed while it was being read')
  appendFileSync(source.path, 'three\n')
  expect(() => checkUnchanged(part, now())).not.toThrow()
  expect(() => checkUnchanged(part, { ...now(), ino: part.ino + 1 })).toThrow(/log changed/)
  truncateSync(source.path, 3)
  expect(() => checkUnchanged(part, now())).toThrow(/changed/)
})

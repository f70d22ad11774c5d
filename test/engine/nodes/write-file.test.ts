/** The `write-file` consumer: whole or not at all. */
import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { writeFile } from '../../../engine/nodes/consumers/write-file.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { FakeRecordFailure, runNode, temporaryFolder } from '../fake-context.ts'
import { testExamples } from './examples.ts'

testExamples(writeFile)

const failing = async function* (): AsyncGenerator<Batch> {
  yield ['half']
  throw new Error('a node elsewhere failed')
}

describe('write-file', () => {
  test('shows nothing under its name before the input has ended, then all of it', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'a.txt')
    writeFileSync(path, 'before')
    const guardedWhile: string[][] = []
    const run = await runNode(writeFile, {
      folder,
      config: { path: 'a.txt' },
      input: (async function* () {
        yield ['one']
        expect(readFileSync(path, 'utf8')).toBe('before')
        guardedWhile.push(readdirSync(folder))
        yield ['two']
      })(),
    })
    expect(run.thrown).toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(guardedWhile[0]).toHaveLength(2)
    expect(readdirSync(folder)).toEqual(['a.txt'])
    expect(run.guarded.size).toBe(0)
    expect(run.bytes).toBe(8)
  })

  test.each(['a.txt', 'a.txt.gz'])('leaves what was there when the run fails: %s', async (name) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, name), 'before')
    const run = await runNode(writeFile, { folder, config: { path: name }, input: failing() })
    expect(run.thrown?.message).toBe('a node elsewhere failed')
    expect(readFileSync(join(folder, name), 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual([name])
    expect(run.guarded.size).toBe(0)
  })

  test('leaves what was there when a record cannot be written and nothing is wired to error', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.ndjson'), 'before')
    const run = await runNode(writeFile, {
      folder,
      config: { path: 'a.ndjson' },
      input: [[{ id: 1 }, 10n]],
      errorWired: false,
    })
    expect(run.thrown).toBeInstanceOf(FakeRecordFailure)
    expect((run.thrown as FakeRecordFailure).failure).toMatchObject({ number: 2, record: 10n })
    expect(readFileSync(join(folder, 'a.ndjson'), 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['a.ndjson'])
  })

  test('gzips where the path ends in .gz', async () => {
    const folder = temporaryFolder()
    const batches = Array.from({ length: 200 }, (_, b) =>
      Array.from({ length: 1000 }, (_, i) => `${b}:${i}:${b * i}`),
    )
    const run = await runNode(writeFile, { folder, config: { path: 'a.txt.gz' }, input: batches })
    const packed = readFileSync(join(folder, 'a.txt.gz'))
    expect(gunzipSync(packed).toString()).toBe(`${batches.flat().join('\n')}\n`)
    expect(run.bytes).toBe(packed.length)
  })

  test('writes an empty file for no records, and the header where columns are given', async () => {
    const folder = temporaryFolder()
    await runNode(writeFile, { folder, config: { path: 'a.csv' } })
    await runNode(writeFile, { folder, config: { path: 'b.csv', columns: ['x', 'y'] } })
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('')
    expect(readFileSync(join(folder, 'b.csv'), 'utf8')).toBe('x,y\n')
  })

  test('replaces the file behind a symbolic link and keeps link and permissions', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'real.txt'), 'before', { mode: 0o640 })
    symlinkSync('real.txt', join(folder, 'link.txt'))
    await runNode(writeFile, { folder, config: { path: 'link.txt' }, input: [['after']] })
    expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(folder, 'real.txt'), 'utf8')).toBe('after\n')
    expect(statSync(join(folder, 'real.txt')).mode & 0o777).toBe(0o640)
  })

  test('says in config which column is named twice', () => {
    expect(writeFile.check?.(writeFile.config.parse({ path: 'a', columns: ['x', 'x'] }))).toEqual({
      columns: 'A column is named twice.',
    })
  })
})

/** Devices and /proc exist there only. */
const onLinux = process.platform === 'linux'

describe.runIf(onLinux)('write-file where it cannot write', () => {
  test('fails on a full disk and leaves the device alone', async () => {
    const run = await runNode(writeFile, { config: { path: '/dev/full' }, input: [['data']] })
    expect(run.thrown).toMatchObject({
      name: 'NodeError',
      message: 'The disk is full; /dev/full could not be written.',
      remedy: expect.stringContaining('untouched'),
      field: 'path',
    })
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true)
  })

  test('fails on a full disk with gzip too, without waiting for ever', async () => {
    const folder = temporaryFolder()
    symlinkSync('/dev/full', join(folder, 'a.gz'))
    const noise = Array.from({ length: 50 }, () => Array.from({ length: 1000 }, () => String(Math.random())))
    const run = await runNode(writeFile, { folder, config: { path: 'a.gz' }, input: noise })
    expect(run.thrown?.message).toContain('The disk is full')
  })

  test.each([
    ['a missing folder', 'no/such/a.txt', /folder .*no\/such does not exist/],
    ['a path under a file', 'plain/a.txt', /plain is not a folder/],
    ['a folder', '.', /is a folder, not a file/],
    ['a place where nobody may write', '/proc/weir.txt', /\/proc\/weir\.txt/],
  ])('fails at once for %s, before it takes a record', async (_, path, message) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'plain'), '')
    let taken = false
    const run = await runNode(writeFile, {
      folder,
      config: { path },
      input: (async function* () {
        taken = true
        yield ['x']
      })(),
    })
    expect(run.thrown).toMatchObject({
      name: 'NodeError',
      field: 'path',
      remedy: expect.stringMatching(/\.$/),
    })
    expect(run.thrown?.message).toMatch(message)
    expect(taken).toBe(false)
    expect(run.guarded.size).toBe(0)
    expect(existsSync('/proc/weir.txt')).toBe(false)
  })
})

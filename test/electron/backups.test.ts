/** Backups: what a crash leaves, and what it does not. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { BACKUP_LIMIT, Backups } from '../../electron/backups.ts'
import { temporaryFolder } from './temporary-folder.ts'

const root = temporaryFolder()
let count = 0
const newFolder = () => join(root, String(count++))
const backup = (text: string, savedAt = 1) => ({ path: null, name: 'One', text, savedAt })

test('the page that writes a backup is not offered it', async () => {
  const backups = new Backups(newFolder())
  await backups.write(backup('a'))
  expect(await backups.recover()).toEqual([])
})

test('the next page, and the next start, are offered it until it is discarded', async () => {
  const folder = newFolder()
  const first = new Backups(folder)
  await first.write(backup('a', 1))
  await first.write(backup('b', 2))
  first.startPage()
  expect(await first.recover()).toMatchObject([{ text: 'b', savedAt: 2, path: null, name: 'One' }])
  const second = new Backups(folder)
  const [found] = await second.recover()
  expect(found).toMatchObject({ text: 'b' })
  await second.discard(found!.id)
  expect(await new Backups(folder).recover()).toEqual([])
})

test('a saved flow leaves none, also where the write was still under way', async () => {
  const folder = newFolder()
  const backups = new Backups(folder)
  const writing = backups.write(backup('a'))
  await backups.clear()
  await writing
  expect(readdirSync(folder)).toEqual([])
})

test('a backup that equals its file is no loss and goes away', async () => {
  const folder = newFolder()
  const path = join(root, `saved-${count}.weir.json`)
  writeFileSync(path, 'same')
  const backups = new Backups(folder)
  await backups.write({ ...backup('same'), path })
  expect(await new Backups(folder).recover()).toEqual([])
  expect(readdirSync(folder)).toEqual([])
  await backups.write({ ...backup('differs'), path })
  expect(await new Backups(folder).recover()).toMatchObject([{ path, text: 'differs' }])
})

test('a damaged backup is skipped and left for a look', async () => {
  const folder = newFolder()
  mkdirSync(folder)
  const name = `${crypto.randomUUID()}.json`
  writeFileSync(join(folder, name), '{"path":')
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  expect(await new Backups(folder).recover()).toEqual([])
  expect(warn).toHaveBeenCalledOnce()
  warn.mockRestore()
  expect(readdirSync(folder)).toEqual([name])
})

test('the newest come first, and only so many are kept', async () => {
  const folder = newFolder()
  const writer = new Backups(folder)
  for (let at = 1; at <= BACKUP_LIMIT + 2; at++) {
    await writer.write(backup(String(at), at))
    writer.startPage()
  }
  const found = await new Backups(folder).recover()
  expect(found).toHaveLength(BACKUP_LIMIT)
  expect(found[0]!.savedAt).toBe(BACKUP_LIMIT + 2)
  expect(readdirSync(folder)).toHaveLength(BACKUP_LIMIT)
})

test('an id that is none cannot name another file', () => {
  expect(() => new Backups(newFolder()).discard('../../recent')).toThrow('UUID')
})

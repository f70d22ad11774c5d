/** The recent list. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { flowNameOf, RECENT_LIMIT, Recents } from '../../electron/recent.ts'
import { temporaryFolder } from './temporary-folder.ts'

const root = temporaryFolder()
let count = 0
const newFile = () => join(root, `recent-${count++}.json`)

test('the newest is first, each path is there once, and the list is there after a restart', async () => {
  const file = newFile()
  const recents = new Recents(file)
  await Promise.all([
    recents.add('/f/a.weir.json', 1),
    recents.add('/f/b.weir.json', 2),
    recents.add('/f/a.weir.json', 3),
  ])
  const list = [
    { path: '/f/a.weir.json', name: 'a', openedAt: 3 },
    { path: '/f/b.weir.json', name: 'b', openedAt: 2 },
  ]
  expect(recents.list()).toEqual(list)
  expect(new Recents(file).list()).toEqual(list)
})

test('the list is bounded', async () => {
  const recents = new Recents(newFile())
  for (let at = 0; at < RECENT_LIMIT + 5; at++) void recents.add(`/f/${at}.weir.json`, at)
  await recents.flushed()
  expect(recents.list()).toHaveLength(RECENT_LIMIT)
  expect(recents.list()[0]!.openedAt).toBe(RECENT_LIMIT + 4)
})

test('removed and cleared entries are gone from the file, too', async () => {
  const file = newFile()
  const recents = new Recents(file)
  await recents.add('/f/a.weir.json', 1)
  await recents.add('/f/b.weir.json', 2)
  await recents.remove('/f/b.weir.json')
  expect(new Recents(file).list().map(({ name }) => name)).toEqual(['a'])
  await recents.clear()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([])
})

test('a damaged file is an empty list, and is replaced', async () => {
  const file = newFile()
  writeFileSync(file, '[{"path": 1}]')
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const recents = new Recents(file)
  warn.mockRestore()
  expect(recents.list()).toEqual([])
  await recents.add('/f/a.weir.json', 1)
  expect(new Recents(file).list()).toHaveLength(1)
})

test('the name of a flow is its file’s without endings', () => {
  expect(flowNameOf('/f/top-pages.weir.json')).toBe('top-pages')
  expect(flowNameOf('/f/plain.json')).toBe('plain')
})

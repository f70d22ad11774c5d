/** Recent documents and backups in the browser. */
import { expect, test } from 'vitest'
import { createWebStorage } from '../../../renderer/shell/web-storage.ts'

/** localStorage with room for so many characters. */
function memory(room = Infinity) {
  const values = new Map<string, string>()
  const used = () => [...values].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  return {
    values,
    get length() {
      return values.size
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    removeItem: (key: string) => void values.delete(key),
    setItem(key: string, value: string) {
      if (used() - (values.get(key)?.length ?? -key.length) + value.length > room)
        throw new Error('QuotaExceededError')
      values.set(key, value)
    },
  }
}

function setUp(room?: number) {
  const values = memory(room)
  let time = 0
  return { values, storage: createWebStorage(values, () => ++time) }
}

test('the document opened last comes first, each once, at most twenty', () => {
  const { storage } = setUp()
  for (let n = 0; n < 30; n++) storage.addRecent(`/flows/n${n}.weir.json`)
  storage.addRecent('/flows/n20.weir.json')
  const recent = storage.recent()
  expect(recent).toHaveLength(20)
  expect(recent.slice(0, 2).map(({ path, name }) => [path, name])).toEqual([
    ['/flows/n20.weir.json', 'n20'],
    ['/flows/n29.weir.json', 'n29'],
  ])
  expect(new Set(recent.map(({ path }) => path)).size).toBe(20)
})

test('a backup is offered to other tabs until it is removed, not to its own', () => {
  const { storage } = setUp()
  storage.writeBackup('a', { path: null, name: 'A', text: 'one' })
  storage.writeBackup('a', { path: null, name: 'A', text: 'two' })
  storage.writeBackup('b', { path: '/b.weir.json', name: 'B', text: 'b' })
  expect(storage.backups(new Set(['b']))).toEqual([
    { id: 'a', path: null, name: 'A', text: 'two', savedAt: 2 },
  ])
  storage.removeBackup('a')
  expect(storage.backups(new Set())).toMatchObject([{ id: 'b' }])
})

test('backups do not pile up: the oldest go', () => {
  const { storage } = setUp()
  for (let n = 0; n < 15; n++) storage.writeBackup(`t${n}`, { path: null, name: '', text: '' })
  expect(storage.backups(new Set()).map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, n) => `t${14 - n}`),
  )
})

test('where there is no room, older backups make it; the newest is never given up for nothing', () => {
  const { storage } = setUp(3000)
  storage.writeBackup('old', { path: null, name: '', text: 'x'.repeat(1200) })
  storage.writeBackup('new', { path: null, name: '', text: 'y'.repeat(2000) })
  expect(storage.backups(new Set()).map(({ id }) => id)).toEqual(['new'])
  expect(() => storage.writeBackup('new', { path: null, name: '', text: 'z'.repeat(5000) })).toThrow('Quota')
  expect(storage.backups(new Set())[0]!.text).toBe('y'.repeat(2000))
})

test('what is not ours or is cut off does no harm', () => {
  const { storage, values } = setUp()
  values.setItem('weir.recent', '[{')
  values.setItem('weir.backup.x', '{"id":')
  values.setItem('another app', '1')
  expect([storage.recent(), storage.backups(new Set())]).toEqual([[], []])
})

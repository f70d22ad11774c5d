/** Requests of the browser's file dialog, and what a choice in it means. */
import { expect, test } from 'vitest'
import { chosenPath, offeredEntries, pathParts } from '../../../renderer/shell/web-dialog-paths.ts'
import { askForPath, dialogRequests } from '../../../renderer/shell/web-dialogs.ts'

const request = {
  mode: 'open' as const,
  title: 'Open',
  action: 'Open',
  folder: '',
  list: async () => ({ path: '/', parent: null, entries: [] }),
}
const pending = () => dialogRequests.getState().pending

test('a question is pending until it is answered', async () => {
  const path = askForPath(request)
  expect(pending()).toMatchObject({ title: 'Open' })
  pending()!.answer('/a.weir.json')
  expect(await path).toBe('/a.weir.json')
  expect(pending()).toBeNull()
})

test('a second question cancels the first and stays open itself', async () => {
  const first = askForPath(request)
  const late = pending()!
  const second = askForPath({ ...request, title: 'Save' })
  expect(await first).toBeNull()
  late.answer('/late')
  expect(pending()).toMatchObject({ title: 'Save' })
  pending()!.answer(null)
  expect(await second).toBeNull()
})

const entry = (name: string, folder = false) => ({ name, path: `/${name}`, folder, sizeBytes: 0, mtimeMs: 0 })

test('folders are always offered, files by their extension', () => {
  const entries = [
    entry('sub', true),
    entry('a.weir.json'),
    entry('B.WEIR.JSON'),
    entry('data.csv'),
    entry('json'),
  ]
  const names = (extensions?: string[]) => offeredEntries(entries, { extensions }).map(({ name }) => name)
  expect(names(['weir.json'])).toEqual(['sub', 'a.weir.json', 'B.WEIR.JSON'])
  expect(names(['csv', 'weir.json'])).toHaveLength(4)
  expect(names()).toHaveLength(5)
})

test('a saved name gets the extension it lacks, an opened one stays', () => {
  const save = { mode: 'save' as const, extensions: ['weir.json'] }
  expect(chosenPath('/flows', ' top ', save)).toBe('/flows/top.weir.json')
  expect(chosenPath('/flows', 'top.WEIR.json', save)).toBe('/flows/top.WEIR.json')
  expect(chosenPath('/', 'top', { mode: 'save' })).toBe('/top')
  expect(chosenPath('/flows', 'data.csv', { mode: 'open', extensions: ['csv'] })).toBe('/flows/data.csv')
  expect(chosenPath('C:\\flows', 'a', { mode: 'open' })).toBe('C:\\flows\\a')
})

test('a path is shown by its names', () => {
  expect(pathParts('/home/ada/flows/')).toEqual(['home', 'ada', 'flows'])
  expect(pathParts('C:\\flows')).toEqual(['C:', 'flows'])
})

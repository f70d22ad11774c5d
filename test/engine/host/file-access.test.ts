/** Documents under a root: what can be listed, read and written, and what cannot. */
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileAccess, isWithin } from '../../../engine/host/file-access.ts'
import type { FileAccess } from '../../../engine/host/file-access.ts'

let folder: string
let root: string
let files: FileAccess

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-files-')))
  root = join(folder, 'root')
  await mkdir(join(root, 'sub'), { recursive: true })
  await mkdir(join(folder, 'examples'))
  await mkdir(join(folder, 'root-beside'))
  await writeFile(join(root, 'a.weir.json'), 'A')
  await writeFile(join(root, 'data.csv'), '1,2')
  await writeFile(join(folder, 'examples', 'e.weir.json'), 'E')
  await writeFile(join(folder, 'outside.weir.json'), 'OUT')
  await writeFile(join(folder, 'root-beside', 'b.weir.json'), 'OUT')
  files = await createFileAccess(root, [join(folder, 'examples')])
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('folders come first, then files, with their sizes', async () => {
  await writeFile(join(root, '.hidden'), '')
  const { path, parent, entries } = await files.listFolder(root)
  expect([path, parent]).toEqual([root, null])
  expect(entries.map(({ name, folder, sizeBytes }) => [name, folder, sizeBytes])).toEqual([
    ['sub', true, 0],
    ['a.weir.json', false, 1],
    ['data.csv', false, 3],
  ])
  expect((await files.listFolder(join(root, 'sub'))).parent).toBe(root)
  expect((await files.listFolder('')).path).toBe(root)
})

test('a document is read and written with its time', async () => {
  const read = await files.readDocument('a.weir.json')
  expect(read).toEqual({
    path: join(root, 'a.weir.json'),
    text: 'A',
    mtimeMs: (await stat(join(root, 'a.weir.json'))).mtimeMs,
  })
  const written = await files.writeDocument(read.path, 'B', read.mtimeMs)
  expect(await readFile(read.path, 'utf8')).toBe('B')
  expect((await files.readDocument(read.path)).mtimeMs).toBe(written.mtimeMs)
  expect(await readdir(root)).toEqual(['a.weir.json', 'data.csv', 'sub'])
})

test('a new document is made in a folder that exists, not in one that does not', async () => {
  await files.writeDocument(join(root, 'sub', 'new.weir.json'), 'N')
  expect(await readFile(join(root, 'sub', 'new.weir.json'), 'utf8')).toBe('N')
  await expect(files.writeDocument('missing/new.weir.json', 'N')).rejects.toMatchObject({ code: 'not-found' })
})

test('a document that somebody else changed is not overwritten unless asked to', async () => {
  const { path, mtimeMs } = await files.readDocument('a.weir.json')
  await writeFile(path, 'theirs')
  await utimes(path, new Date(), new Date(mtimeMs + 5000))
  await expect(files.writeDocument(path, 'mine', mtimeMs)).rejects.toMatchObject({ code: 'changed-on-disk' })
  expect(await readFile(path, 'utf8')).toBe('theirs')
  await files.writeDocument(path, 'mine')
  expect(await readFile(path, 'utf8')).toBe('mine')
})

test('examples are read and listed, not written', async () => {
  const path = join(folder, 'examples', 'e.weir.json')
  expect((await files.readDocument(path)).text).toBe('E')
  expect((await files.listFolder(join(folder, 'examples'))).parent).toBeNull()
  await expect(files.writeDocument(path, 'X')).rejects.toMatchObject({ code: 'refused' })
  expect(await readFile(path, 'utf8')).toBe('E')
})

test.each([
  '../outside.weir.json',
  '/etc/passwd',
  'sub/../../outside.weir.json',
  '../root-beside/b.weir.json',
  '/nowhere/x.weir.json',
])('%s is outside for reading and for writing', async (path) => {
  await expect(files.readDocument(path)).rejects.toMatchObject({ code: 'refused' })
  await expect(files.writeDocument(path, 'X')).rejects.toMatchObject({ code: 'refused' })
  expect(await readFile(join(folder, 'outside.weir.json'), 'utf8')).toBe('OUT')
})

test.each(['..', '/', '../root-beside', 'sub/../..'])('the folder %s is outside', async (path) => {
  await expect(files.listFolder(path)).rejects.toMatchObject({ code: 'refused' })
})

test('a link to a file outside can be neither read, written nor seen', async () => {
  await symlink(join(folder, 'outside.weir.json'), join(root, 'link.weir.json'))
  await expect(files.readDocument('link.weir.json')).rejects.toMatchObject({ code: 'refused' })
  await expect(files.writeDocument('link.weir.json', 'X')).rejects.toMatchObject({ code: 'refused' })
  expect(await readFile(join(folder, 'outside.weir.json'), 'utf8')).toBe('OUT')
  expect((await files.listFolder('')).entries.map((entry) => entry.name)).not.toContain('link.weir.json')
})

test('a link to a folder outside leads nowhere', async () => {
  await symlink(folder, join(root, 'up'))
  await expect(files.listFolder('up')).rejects.toMatchObject({ code: 'refused' })
  await expect(files.readDocument('up/outside.weir.json')).rejects.toMatchObject({ code: 'refused' })
  await expect(files.writeDocument('up/made.weir.json', 'X')).rejects.toMatchObject({ code: 'refused' })
  expect(await readdir(folder)).not.toContain('made.weir.json')
})

test('a dangling link does not create what it points to', async () => {
  await symlink(join(folder, 'made.weir.json'), join(root, 'dangling.weir.json'))
  await expect(files.writeDocument('dangling.weir.json', 'X')).rejects.toMatchObject({ code: 'refused' })
  expect(await readdir(folder)).not.toContain('made.weir.json')
})

test('only flows are read and written, whatever a link calls them', async () => {
  await symlink(join(root, 'data.csv'), join(root, 'data.weir.json'))
  for (const path of ['data.csv', 'data.weir.json', '.weir.json']) {
    await expect(files.writeDocument(path, 'X')).rejects.toMatchObject({ code: 'refused' })
  }
  await expect(files.readDocument('data.csv')).rejects.toMatchObject({ code: 'refused' })
  await expect(files.readDocument('data.weir.json')).rejects.toMatchObject({ code: 'refused' })
  expect(await readFile(join(root, 'data.csv'), 'utf8')).toBe('1,2')
})

test('a missing document, a folder with such a name and a NUL are each said clearly', async () => {
  await mkdir(join(root, 'folder.weir.json'))
  await expect(files.readDocument('gone.weir.json')).rejects.toMatchObject({
    code: 'not-found',
    message: 'gone.weir.json does not exist.',
  })
  await expect(files.readDocument('folder.weir.json')).rejects.toMatchObject({ code: 'bad-request' })
  await expect(files.readDocument('a\0.weir.json')).rejects.toMatchObject({ code: 'bad-request' })
})

test('a root that is a link, or reached by another name, works as the folder it is', async () => {
  await symlink(root, join(folder, 'alias'))
  const aliased = await createFileAccess(join(folder, 'alias'))
  expect(aliased.root).toBe(root)
  expect((await aliased.readDocument(join(folder, 'alias', 'a.weir.json'))).path).toBe(
    join(root, 'a.weir.json'),
  )
})

test('a root that is a file or missing is refused', async () => {
  await expect(createFileAccess(join(root, 'data.csv'))).rejects.toMatchObject({ code: 'bad-request' })
  await expect(createFileAccess(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' })
})

test('a name that begins like the parent is still within', () => {
  expect(isWithin('/a', '/a/..b')).toBe(true)
  expect(isWithin('/a', '/ab')).toBe(false)
  expect(isWithin('/a', '/')).toBe(false)
})

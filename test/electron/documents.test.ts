/** Opening and saving flow files: permission, changes by others, and what is left when writing fails. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { RENAME_TRIES } from '../../engine/formats/put-in-place.ts'
import { writeAtomic } from '../../engine/host/atomic-write.ts'
import { MAX_FLOW_BYTES } from '../../engine/flow/model.ts'
import { Documents, withFlowEnding } from '../../electron/documents.ts'
import { temporaryFolder } from './temporary-folder.ts'

const root = temporaryFolder()
let count = 0

function setUp(text = 'old\n') {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  const path = join(folder, 'a.weir.json')
  writeFileSync(path, text)
  const documents = new Documents()
  documents.grant(path, 'write')
  return { folder, path, documents }
}

const busy = Object.assign(new Error('busy'), { code: 'EBUSY' })

test('what is saved is what is opened', async () => {
  const { documents, path, folder } = setUp()
  const { mtimeMs } = await documents.open(path)
  const saved = await documents.save(path, 'new ü\n', mtimeMs)
  expect(saved).toEqual({ path, mtimeMs: statSync(path).mtimeMs })
  expect((await documents.open(path)).text).toBe('new ü\n')
  expect(readdirSync(folder)).toEqual(['a.weir.json'])
})

test('a path that nobody chose is neither read nor written', async () => {
  const { path } = setUp()
  const documents = new Documents()
  await expect(documents.open(path)).rejects.toMatchObject({ code: 'refused' })
  await expect(documents.save(path, 'x')).rejects.toMatchObject({ code: 'refused' })
  expect(readFileSync(path, 'utf8')).toBe('old\n')
})

test('an example opens, and saving over it is refused until a person chose it as a file', async () => {
  const { path } = setUp()
  const documents = new Documents()
  documents.grant(path, 'read')
  await expect(documents.open(path)).resolves.toMatchObject({ text: 'old\n' })
  await expect(documents.save(path, 'x')).rejects.toMatchObject({ code: 'refused' })
  documents.grant(path, 'write')
  documents.grant(path, 'read')
  await expect(documents.save(path, 'x')).resolves.toMatchObject({ path })
})

test('a granted path by another spelling is the same path', async () => {
  const { documents, folder } = setUp()
  await expect(documents.open(join(folder, 'x', '..', 'a.weir.json'))).resolves.toMatchObject({
    text: 'old\n',
  })
})

test('a file that others changed is left alone', async () => {
  const { documents, path } = setUp()
  const { mtimeMs } = await documents.open(path)
  writeFileSync(path, 'theirs\n')
  utimesSync(path, new Date(), new Date(mtimeMs + 5000))
  await expect(documents.save(path, 'mine\n', mtimeMs)).rejects.toMatchObject({ code: 'changed-on-disk' })
  expect(readFileSync(path, 'utf8')).toBe('theirs\n')
  await documents.save(path, 'mine\n')
  expect(readFileSync(path, 'utf8')).toBe('mine\n')
})

test('a file that was only touched, or deleted, is saved', async () => {
  const { documents, path } = setUp()
  const { mtimeMs } = await documents.open(path)
  utimesSync(path, new Date(), new Date(mtimeMs + 5000))
  await documents.save(path, 'mine\n', mtimeMs)
  expect(readFileSync(path, 'utf8')).toBe('mine\n')
})

test('saves of one file happen in their order', async () => {
  const { documents, path } = setUp()
  await Promise.all(Array.from({ length: 20 }, (_, index) => documents.save(path, String(index))))
  expect(readFileSync(path, 'utf8')).toBe('19')
})

test.each([
  ['a missing file', 'none.weir.json', 'not-found'],
  ['a folder', 'folder.json', 'failed'],
  ['a file of another kind', 'data.csv', 'refused'],
])('%s is a clear failure', async (_what, name, code) => {
  const { documents, folder } = setUp()
  mkdirSync(join(folder, 'folder.json'))
  writeFileSync(join(folder, 'data.csv'), 'a,b')
  documents.grant(join(folder, name), 'write')
  const failure = documents.open(join(folder, name))
  await expect(failure).rejects.toMatchObject({ code, remedy: expect.stringMatching(/\w\.$/) })
  await expect(failure).rejects.toThrow(name)
})

test('text that is not UTF-8 is refused, because saving would change it', async () => {
  const { documents, path } = setUp()
  writeFileSync(path, Buffer.from([0x22, 0xff, 0x22]))
  await expect(documents.open(path)).rejects.toThrow('not UTF-8')
})

test('a file too large for a flow is not read', async () => {
  const { documents, path } = setUp()
  const { truncateSync } = await import('node:fs')
  truncateSync(path, MAX_FLOW_BYTES + 1)
  await expect(documents.open(path)).rejects.toMatchObject({ code: 'refused' })
})

test('saving where it is not possible says why', async () => {
  const { documents, folder } = setUp()
  const path = join(folder, 'none', 'a.weir.json')
  documents.grant(path, 'write')
  await expect(documents.save(path, 'x')).rejects.toMatchObject({ code: 'not-found' })
})

test('a failure between write and rename leaves the old file and nothing else', async () => {
  const { path, folder } = setUp()
  const steps = { rename: () => Promise.reject(new Error('power cut')), wait: () => Promise.resolve() }
  await expect(writeAtomic(path, 'new', steps)).rejects.toThrow('power cut')
  expect(readFileSync(path, 'utf8')).toBe('old\n')
  expect(readdirSync(folder)).toEqual(['a.weir.json'])
})

test('the new content is complete beside the old before the rename', async () => {
  const { path } = setUp()
  const seen: string[] = []
  await writeAtomic(path, 'new', {
    rename: (from, to) => {
      seen.push(readFileSync(from, 'utf8'), readFileSync(to, 'utf8'))
      return rename(from, to)
    },
    wait: () => Promise.resolve(),
  })
  expect(seen).toEqual(['new', 'old\n'])
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a file that another program holds for a while is waited for', async () => {
  const { path } = setUp()
  const wait = vi.fn<() => Promise<void>>(() => Promise.resolve())
  let held = 3
  await writeAtomic(path, 'new', {
    rename: (from, to) => (held-- > 0 ? Promise.reject(busy) : rename(from, to)),
    wait,
  })
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(wait).toHaveBeenCalledTimes(3)
})

test('a file that is held for ever fails in the end', async () => {
  const { path } = setUp()
  const rename = vi.fn<() => Promise<void>>(() => Promise.reject(busy))
  await expect(writeAtomic(path, 'new', { rename, wait: () => Promise.resolve() })).rejects.toBe(busy)
  expect(rename).toHaveBeenCalledTimes(RENAME_TRIES)
  expect(readFileSync(path, 'utf8')).toBe('old\n')
})

test('permissions are kept, and a link stays a link', async () => {
  const { path, folder } = setUp()
  chmodSync(path, 0o640)
  const link = join(folder, 'link.weir.json')
  symlinkSync(path, link)
  await writeAtomic(link, 'new')
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(statSync(path).mode & 0o777).toBe(0o640)
})

test('a typed name gets the ending of a flow, once', () => {
  expect(withFlowEnding('/x/top')).toBe('/x/top.weir.json')
  expect(withFlowEnding('/x/top.weir.json')).toBe('/x/top.weir.json')
  expect(withFlowEnding('/x/top.JSON')).toBe('/x/top.JSON')
})

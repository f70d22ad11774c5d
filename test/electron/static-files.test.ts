/** What app://weir/ serves, and what it does not. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileOf, mimeOf, respond } from '../../electron/static-files.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const root = join(folder, 'build')
mkdirSync(join(root, 'assets'), { recursive: true })
writeFileSync(join(root, 'index.html'), '<!doctype html>')
writeFileSync(join(root, 'assets/a b.js'), '1')
writeFileSync(join(root, 'assets/tool.exe'), '1')
writeFileSync(join(folder, 'secret.txt'), 'secret')
writeFileSync(join(folder, 'build-secret.txt'), 'secret')
symlinkSync(join(folder, 'secret.txt'), join(root, 'assets/link.txt'))

const get = (url: string) => respond(root, { method: 'GET', url })

test('the root is the page', async () => {
  const response = await get('app://weir/')
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('<!doctype html>')
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
})

test('names are decoded', async () => {
  expect((await get('app://weir/assets/a%20b.js')).status).toBe(200)
})

test('every answer, refusals too, carries the policy and forbids sniffing', async () => {
  for (const response of [
    await get('app://weir/'),
    await get('app://weir/none.js'),
    await get('app://other/'),
    await respond(root, { method: 'POST', url: 'app://weir/' }),
  ]) {
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('a link inside the build that leads out of it is refused', async () => {
  expect((await get('app://weir/assets/link.txt')).status).toBe(403)
})

test('a kind of file that no build has is not served', async () => {
  expect((await get('app://weir/assets/tool.exe')).status).toBe(404)
})

test('a folder and a missing file are not found', async () => {
  expect((await get('app://weir/assets/')).status).toBe(404)
  expect((await get('app://weir/none.js')).status).toBe(404)
})

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/a/../../secret.txt',
  '/../build-secret.txt',
])('%s names nothing', (path) => expect(fileOf(root, path)).toBeNull())

test.each(['/%', '/a%00.js', '/..\\secret.txt', '/c:/secret.txt', '/index.html::$DATA'])(
  '%s names nothing',
  (path) => expect(fileOf(root, path)).toBeNull(),
)

test('a name that only begins with dots is a name', () => {
  expect(fileOf(root, '/..data.js')).toBe(join(root, '..data.js'))
})

test('types do not depend on case, and unknown ones have none', () => {
  expect(mimeOf('/x/A.JS')).toBe('text/javascript; charset=utf-8')
  expect(mimeOf('x.wasm')).toBe('application/wasm')
  expect(mimeOf('x')).toBeUndefined()
})

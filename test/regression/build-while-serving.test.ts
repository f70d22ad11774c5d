/** A build made while `weir serve` ran left it with the sizes and names of the old files: cut pages, and its end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer } from '../../engine/host/server.ts'
import type { RunningServer } from '../../engine/host/server.ts'

let folder = ''
let studio = ''
let server: RunningServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-build-'))
  studio = join(folder, 'studio')
  mkdirSync(join(studio, 'assets'), { recursive: true })
  writeFileSync(join(studio, 'index.html'), '<title>old</title>')
  writeFileSync(join(studio, 'assets', 'old.js'), 'old()')
  server = await startServer({ root: folder, rendererDir: studio, examplesDir: folder, accept: () => {} })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function get(path: string): Promise<{ status: number; text: string }> {
  const { token, port } = server
  const admitted = await fetch(server.url, { redirect: 'manual' })
  const cookie = admitted.headers.get('set-cookie')!.split(';')[0]!
  expect(cookie).toContain(token)
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } })
  return { status: response.status, text: await response.text() }
}

test('a longer page is served whole, and new files are found', async () => {
  expect(await get('/')).toEqual({ status: 200, text: '<title>old</title>' })
  writeFileSync(join(studio, 'index.html'), '<title>new and longer</title>')
  writeFileSync(join(studio, 'assets', 'new.js'), 'fresh()')
  expect(await get('/')).toEqual({ status: 200, text: '<title>new and longer</title>' })
  expect(await get('/assets/new.js')).toEqual({ status: 200, text: 'fresh()' })
})

test('a file that the new build has removed is not found, and the server goes on', async () => {
  rmSync(join(studio, 'assets', 'old.js'))
  expect(await get('/assets/old.js')).toMatchObject({ status: 404 })
  expect(await get('/')).toMatchObject({ status: 200 })
})

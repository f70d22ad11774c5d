/** On a fresh account the folder of settings does not exist; consent to run code failed there with ENOENT. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTrustStore } from '../../engine/host/trust.ts'

let home = ''
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'weir-home-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

test('consent is kept where no settings were ever written', async () => {
  const file = join(home, '.config', 'weir', 'trusted.json')
  await createTrustStore(file).trust(['record.a'])
  expect(createTrustStore(file).isTrusted('record.a')).toBe(true)
})

test.skipIf(process.platform === 'win32')('the new folder is nobody else’s to read', async () => {
  await createTrustStore(join(home, 'weir', 'trusted.json')).trust(['record.a'])
  expect(statSync(join(home, 'weir')).mode & 0o777).toBe(0o700)
})

/** What killed processes of several people left in one temporary folder: each removes what it may. */
import type * as Fs from 'node:fs'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { processScope } from '../../../engine/formats/process-mark.ts'
import { removeAbandonedIn } from '../../../engine/spill/run-memory.ts'
import { temporaryFolder } from '../fake-context.ts'

/** The folder that is looked at first. Whoever runs this may be root, whom no rights keep from removing anything. */
let theirs: string | undefined
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  return {
    ...fs,
    rmSync(path: string, options: object) {
      theirs ??= path
      if (path === theirs) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
      fs.rmSync(path, options)
    },
  }
})

it('is removed beside what belongs to somebody else', async () => {
  const root = temporaryFolder()
  // No process has a number as large.
  const names = [1, 2, 3].map((at) => `weir-run-${processScope()}-9999999-1-folde${at}`)
  for (const name of names) mkdirSync(join(root, name))
  await removeAbandonedIn(root)
  expect(readdirSync(root).map((name) => join(root, name))).toEqual([theirs])
})

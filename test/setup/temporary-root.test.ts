/** Folders of test runs that were killed go; those of living ones, and of others, stay. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { processScope, startMark } from '../../engine/formats/process-mark.ts'
import { removeAbandoned } from './temporary-root.ts'

it('folders of tests lie in the one of the run', () => {
  expect(basename(tmpdir())).toMatch(/^weir-tests-/)
})

it('what dead test runs left is removed, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-abandoned-'))
  const { pid: dead } = spawnSync(process.execPath, ['-e', ''])
  const scope = processScope()
  const living = `weir-tests-${scope}-${process.pid}-${startMark(process.pid)}-aaaaaa`
  const elsewhere = `weir-tests-00000000-${dead}-1-bbbbbb`
  const left = `weir-tests-${scope}-${dead}-1-cccccc`
  const reused = `weir-tests-${scope}-${process.pid}-1-dddddd`
  const other = `weir-run-${scope}-${dead}-1-eeeeee`
  for (const name of [living, elsewhere, left, reused, other]) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'file'), 'x')
  }
  removeAbandoned(folder)
  // Where nobody can tell when a process began, one of the same number is taken to be the same.
  const kept = startMark(process.pid) === '0' ? [reused] : []
  expect(readdirSync(folder).sort()).toEqual([living, elsewhere, other, ...kept].sort())
})

/** A process that was killed while it wrote left its temporary file for ever; the next write there removes it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TargetFile } from '../../engine/formats/target-file.ts'
import { temporaryPath } from '../../engine/formats/temporary-file.ts'
import { writeAtomic } from '../../engine/host/atomic-write.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'weir-killed-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The number of a process that has ended. */
const dead = () => spawnSync(process.execPath, ['--version']).pid

function leftBy(pid: number, target: string): string {
  const path = temporaryPath(join(folder, target)).replace(`-${process.pid}-`, `-${pid}-`)
  writeFileSync(path, 'half')
  return basename(path)
}

const open = (name: string) => TargetFile.open(join(folder, name), () => () => {})

test('the next run removes what a dead one left, whatever file it was for', async () => {
  const pid = dead()
  leftBy(pid, 'out.csv')
  leftBy(pid, 'other.csv')
  const file = await open('out.csv')
  await file.write(Buffer.from('whole'))
  await file.commit()
  expect(readdirSync(folder)).toEqual(['out.csv'])
})

test('so does saving a flow', async () => {
  leftBy(dead(), 'a.weir.json')
  await writeAtomic(join(folder, 'a.weir.json'), '{}')
  expect(readdirSync(folder)).toEqual(['a.weir.json'])
})

test('a file that is still being written is left alone', async () => {
  const first = await open('out.csv')
  await first.write(Buffer.from('first'))
  const second = await open('out.csv')
  await second.discard()
  await first.commit()
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('first')
})

test('files of other machines and of other programs are left alone', async () => {
  const elsewhere = leftBy(dead(), 'out.csv').replace(/\.[0-9a-f]{8}-/, '.00000000-')
  for (const name of [elsewhere, '.notes.weir-tmp', 'out.csv.tmp'])
    writeFileSync(join(folder, name), 'theirs')
  await writeAtomic(join(folder, 'a.weir.json'), '{}')
  expect(readdirSync(folder).sort()).toEqual(
    [elsewhere, '.notes.weir-tmp', 'a.weir.json', 'out.csv.tmp'].sort(),
  )
})

test('the longest name that a file can have still leaves room for the temporary one', async () => {
  const name = '測'.repeat(85)
  await writeAtomic(join(folder, name), 'whole')
  expect(readdirSync(folder)).toEqual([name])
})

/**
 * Files that wait beside the place they will take: their names, and the removal of those whose writer died before
 * (a power cut, a killed process). The name holds who writes it, so that a file still being written is never touched.
 */
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive, processScope } from './process-mark.ts'

/** Characters of the target's name that are kept, for people: with four bytes each they fit every file system. */
const NAME_LENGTH = 40
const NAME = /^\..*\.([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}\.weir-tmp$/su

/** A new name in the folder of `target`. */
export function temporaryPath(target: string): string {
  const name = [...basename(target)].slice(0, NAME_LENGTH).join('')
  const random = randomBytes(6).toString('hex')
  return join(dirname(target), `.${name}.${processScope()}-${process.pid}-${random}.weir-tmp`)
}

/** Removes what dead processes of this machine left in the folder. Never throws: it is a courtesy to the disk. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const abandoned = names.filter((name) => {
    const [, writtenIn, pid] = NAME.exec(name) ?? []
    return writtenIn === processScope() && !isAlive(Number(pid))
  })
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)))
}

/** Writes a file so that either the old or the new content is there, whatever happens in between. */
import { open, realpath, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { putInPlace } from '../formats/put-in-place.ts'
import type { PlacingSteps } from '../formats/put-in-place.ts'
import { removeAbandoned, temporaryPath } from '../formats/temporary-file.ts'

/** Permissions of a new file, and the steps that tests replace. */
export interface WriteOptions extends PlacingSteps {
  mode: number
}

/** Writes beside the file, flushes to the disk, then renames over it. Links are followed, permissions kept. */
export async function writeAtomic(
  path: string,
  content: string | Uint8Array,
  options: Partial<WriteOptions> = {},
): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => options.mode ?? 0o666,
  )
  await removeAbandoned(dirname(target))
  const temporary = temporaryPath(target)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await putInPlace(temporary, target, options)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

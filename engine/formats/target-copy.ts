/** From a finished temporary file into the file that is to be: what is made by a library that writes files of its own. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Target } from './pipe-target.ts'

/**
 * Writes the bytes of a file, which is then removed.
 * @param wrote is told of the bytes of each block
 * @throws NodeError where the target cannot be written
 */
export async function moveInto(file: Target, from: string, wrote: (bytes: number) => void): Promise<void> {
  for await (const bytes of createReadStream(from, {
    highWaterMark: 1024 * 1024,
  }) as AsyncIterable<Uint8Array>) {
    await file.write(bytes)
    wrote(bytes.length)
  }
  await rm(from, { force: true })
}

/** A few bytes of memory and a folder for the rest, so that tests write to disk at once. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Memory } from '../../../engine/spec/node.ts'
import { temporaryFolder } from '../fake-context.ts'

export interface LittleMemory extends Memory {
  /** Names of the files that are there. */
  files(): string[]
  /** Files that were asked for. */
  readonly asked: number
}

export function littleMemory(bytes: number, folder = temporaryFolder()): LittleMemory {
  let asked = 0
  return {
    bytes,
    limitMb: bytes / 1024 / 1024,
    get onDisk() {
      return asked > 0
    },
    get asked() {
      return asked
    },
    newFile: () => join(folder, String(++asked)),
    files: () => readdirSync(folder),
  }
}

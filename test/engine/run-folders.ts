/** The temporary folders of runs of this process: none is left when they have ended. */
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'

export function runFolders(): string[] {
  return readdirSync(tmpdir()).filter(
    (name) => name.startsWith('weir-run-') && name.includes(`-${process.pid}-`),
  )
}

/** A flow file as the commands take it: read, with the settings of the command line, validated. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MAX_FLOW_BYTES } from '../flow/model.ts'
import type { ParsedFlow } from '../flow/parse.ts'
import { readFlow } from '../flow/read.ts'
import { applySettings } from '../flow/set.ts'
import type { Registry } from '../spec/registry.ts'
import { UsageError } from './exit-codes.ts'

export interface LoadedFlow extends ParsedFlow {
  /** Absolute. */
  path: string
  /** Folder that the flow's relative paths count from. */
  baseDir: string
}

export interface LoadOptions {
  path: string
  /** `NODE.FIELD=JSON` each. */
  settings: readonly string[]
  registry: Registry
  cwd: string
}

/** @throws UsageError where the file cannot be read */
export function loadFlow({ path, settings, registry, cwd }: LoadOptions): LoadedFlow {
  const absolute = resolve(cwd, path)
  const text = readText(absolute, path)
  const read = readFlow(text, registry, (flow) => applySettings(flow, settings, registry, cwd))
  return { path: absolute, baseDir: dirname(absolute), ...read }
}

/** At once: nothing else is going on, and `fs/promises` takes longer to load than a flow to read. */
function readText(absolute: string, shown: string): string {
  try {
    const stats = statSync(absolute)
    if (stats.isDirectory()) throw new UsageError(`${shown} is a folder.`, 'Name a .weir.json file in it.')
    if (stats.size > MAX_FLOW_BYTES) {
      throw new UsageError(
        `${shown} has ${Math.ceil(stats.size / 2 ** 20)} MiB, and a flow at most ${MAX_FLOW_BYTES / 2 ** 20}.`,
        'Check that this is a flow; data belongs in files of its own that a node reads.',
      )
    }
    return readFileSync(absolute, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw unreadable(error as NodeJS.ErrnoException, shown)
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException, shown: string): UsageError {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UsageError(
      `There is no file ${shown}.`,
      'Check the path; relative ones count from the current folder.',
    )
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new UsageError(`${shown} may not be read.`, 'Change its permissions.')
  }
  return new UsageError(`${shown} cannot be read: ${message}.`, 'Check the path and the disk.')
}

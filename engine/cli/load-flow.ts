/** A flow file as the commands take it: read, with the settings of the command line, validated. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Flow } from '../flow/model.ts'
import { MAX_BYTES, parseFlow } from '../flow/parse.ts'
import type { Problem } from '../flow/problem.ts'
import { applySettings } from '../flow/set.ts'
import { validateFlow } from '../flow/validate.ts'
import type { Registry } from '../spec/registry.ts'
import { UsageError } from './exit-codes.ts'

export interface LoadedFlow {
  /** Absolute. */
  path: string
  /** Folder that the flow's relative paths count from. */
  baseDir: string
  /** null where the text is no flow at all. */
  flow: Flow | null
  problems: Problem[]
}

export interface LoadOptions {
  path: string
  /** `NODE.FIELD=JSON` each. */
  settings: readonly string[]
  registry: Registry
  cwd: string
}

/** @throws UsageError where the file cannot be read */
export async function loadFlow({ path, settings, registry, cwd }: LoadOptions): Promise<LoadedFlow> {
  const absolute = resolve(cwd, path)
  const place = { path: absolute, baseDir: dirname(absolute) }
  const parsed = parseFlow(await readText(absolute, path))
  if (!parsed.flow) return { ...place, ...parsed }
  const set = applySettings(parsed.flow, settings, registry, cwd)
  return {
    ...place,
    flow: set.flow,
    problems: [...parsed.problems, ...set.problems, ...validateFlow(set.flow, registry)],
  }
}

async function readText(absolute: string, shown: string): Promise<string> {
  try {
    const stats = await stat(absolute)
    if (stats.isDirectory()) throw new UsageError(`${shown} is a folder.`, 'Name a .weir.json file in it.')
    if (stats.size > MAX_BYTES) {
      throw new UsageError(
        `${shown} has ${Math.ceil(stats.size / 2 ** 20)} MiB, and a flow at most ${MAX_BYTES / 2 ** 20}.`,
        'Check that this is a flow; data belongs in files of its own that a node reads.',
      )
    }
    return await readFile(absolute, 'utf8')
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

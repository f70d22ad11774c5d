/** Paths that stand for several files: `logs/*.log.gz`. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, parse, sep } from 'node:path'
import type * as Tinyglobby from 'tinyglobby'
import { NodeError } from '../spec/node-error.ts'
import type { NodeIo } from '../spec/node.ts'
import type { SourceFile } from './file-part.ts'

const SIGNS = /[*?]|\[[^\]]+\]|\{[^}]*[,.][^}]*\}/

/** True for a path that stands for several files, unless there is one of this very name. */
export function mayBePattern(path: string): boolean {
  return SIGNS.test(path)
}

/** True for a path that stands for all files that match; not where there is a file of this very name, such as `a[1].csv`. */
export function isPattern(path: string, io: Pick<NodeIo, 'resolve'>): boolean {
  return SIGNS.test(path) && !existsSync(io.resolve(path))
}

/**
 * The files that a path of a flow stands for, by name: those that match, or the one of this name, which need not exist.
 * @throws NodeError where it is a pattern and nothing matches
 */
export function sourceFiles(path: string, io: Pick<NodeIo, 'resolve'>): SourceFile[] {
  if (!isPattern(path, io)) return [{ path: io.resolve(path), name: path }]
  // What leads to the folder is no part of the pattern, whatever signs its own name has.
  const lead = isAbsolute(path) ? parse(path).root : (/^(?:\.\.?[/\\])+/.exec(path)?.[0] ?? '')
  const pattern = path.slice(lead.length).split(sep).join('/')
  const matches = tinyglobby().globSync([pattern], { cwd: io.resolve(lead || '.'), expandDirectories: false })
  const found = /(^|[/{,])\./.test(pattern) ? matches : matches.filter((match) => !/(^|\/)\./.test(match))
  if (found.length === 0) {
    throw new NodeError(`No file matches ${path}.`, {
      remedy: 'Check the pattern; a relative one counts from the folder of the flow file.',
      field: 'path',
    })
  }
  const names = found.map((match) => lead + match).sort((a, b) => (a < b ? -1 : 1))
  return names.map((name) => ({ path: io.resolve(name), name }))
}

/** Loaded at the first pattern: most flows have none, and a start should not wait for it. */
function tinyglobby(): typeof Tinyglobby {
  return createRequire(import.meta.url)('tinyglobby') as typeof Tinyglobby
}

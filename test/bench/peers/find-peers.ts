/** Which peers this machine has, in which version; builds those that come as source. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { BENCH, ROOT, TOOLS } from '../folders.ts'
import type { PeerId } from './command.ts'

/** A peer that is there, with the words that start it, or why it is not. */
export type Peer = { version: string; start: string[] } | { missing: string }
export type Peers = Record<PeerId, Peer>

const INSTALL = 'not installed; npm run bench -- --install gets it'

/** Looks for every peer. `weir` is the program to measure. */
export function findPeers(weir: string): Peers {
  return {
    weir: { version: weirVersion(), start: [process.execPath, weir, 'run'] },
    shell: findShell(),
    duckdb: findNpm('@duckdb/node-api', [
      join(BENCH, 'peers/run-duckdb.mjs'),
      join(TOOLS, 'npm/package.json'),
    ]),
    polars: findPolars(),
    go: findGo(),
    benthos: findBenthos(),
    'node-red': findNpm('node-red', [join(BENCH, 'peers/run-node-red.mjs'), join(TOOLS, 'npm/package.json')]),
    node: { version: process.version, start: [process.execPath] },
  }
}

/** True where all these programs are on the PATH. */
export function onPath(program: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      if (statSync(path).isFile()) return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}

function weirVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const commit = said('git', ['-C', ROOT, 'rev-parse', '--short', 'HEAD'])
  const changed = said('git', ['-C', ROOT, 'status', '--porcelain', '--', 'engine']) ? ' with changes' : ''
  return [version, commit && `commit ${commit}${changed}`, `Node ${process.version}`]
    .filter(Boolean)
    .join(', ')
}

function findShell(): Peer {
  if (!onPath('sh') || !onPath('awk') || !onPath('sort'))
    return { missing: 'no sh, awk and sort on the PATH' }
  // GNU awk says its version on --version, mawk on -W version.
  const awk = said('awk', ['--version']) ?? said('awk', ['-W', 'version']) ?? 'awk'
  const parts = [awk, said('sort', ['--version']), said('jq', ['--version'])].filter((part) => part !== null)
  return { version: parts.map((part) => part.split(/[,(]/)[0]!.trim()).join(', '), start: ['sh', '-c'] }
}

function findNpm(name: string, words: string[]): Peer {
  const installed = join(TOOLS, 'npm/node_modules', name, 'package.json')
  const path = existsSync(installed) ? installed : resolved(name)
  if (path === null) return { missing: INSTALL }
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
  return { version: `${name} ${version}`, start: [process.execPath, ...words] }
}

/** The package among those of the project itself. */
function resolved(name: string): string | null {
  const path = join(ROOT, 'node_modules', name, 'package.json')
  return existsSync(path) && createRequire(join(ROOT, 'package.json')).resolve(name) ? path : null
}

function findPolars(): Peer {
  const python = join(TOOLS, 'python/bin/python')
  for (const program of existsSync(python) ? [python, 'python3'] : ['python3']) {
    const version = said(program, ['-c', 'import polars; print(polars.__version__)'])
    if (version !== null) return { version: `polars ${version}`, start: [program] }
  }
  return { missing: INSTALL }
}

function findGo(): Peer {
  if (!onPath('go')) return { missing: 'no go on the PATH' }
  const program = join(TOOLS, 'go-peers')
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: join(BENCH, 'go'), encoding: 'utf8' })
  if (built.status !== 0) return { missing: `test/bench/go does not build: ${built.stderr.trim()}` }
  return { version: said('go', ['version']) ?? 'go', start: [program] }
}

function findBenthos(): Peer {
  const benthos = onPath('benthos')
  if (benthos) return { version: said(benthos, ['--version']) ?? 'benthos', start: [benthos, '-c'] }
  const connect = onPath('redpanda-connect')
  if (connect) return { version: said(connect, ['--version']) ?? 'redpanda-connect', start: [connect, 'run'] }
  return { missing: 'neither benthos nor redpanda-connect on the PATH' }
}

/** The first line that a program prints, or null where it cannot be run. */
function said(program: string, args: string[]): string | null {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 && stdout ? stdout.split('\n')[0]!.trim() : null
}

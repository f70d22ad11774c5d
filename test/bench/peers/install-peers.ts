/** `--install`: gets the peers that come from npm and PyPI into the bench's own cache; the project stays as it is. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOOLS } from '../folders.ts'

/** Installs what can be installed, and says what could not be. */
export function installPeers(): void {
  const npm = join(TOOLS, 'npm')
  mkdirSync(npm, { recursive: true })
  // A package of its own, or npm would install into the project around it.
  if (!existsSync(join(npm, 'package.json')))
    writeFileSync(join(npm, 'package.json'), '{ "private": true }\n')
  step('npm', ['install', '--no-audit', '--no-fund', '@duckdb/node-api', 'node-red'], npm)

  const python = join(TOOLS, 'python')
  if (!existsSync(join(python, 'bin/python'))) step('python3', ['-m', 'venv', python], TOOLS)
  if (existsSync(join(python, 'bin/python')))
    step(join(python, 'bin/python'), ['-m', 'pip', 'install', '-q', 'polars'], TOOLS)
}

function step(program: string, args: string[], cwd: string): void {
  console.log(`$ ${program} ${args.join(' ')}`)
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit' })
  if (status !== 0) console.log(`It failed${error ? `: ${error.message}` : ''}; what needs it is left out.`)
}

/** A `weir serve` of its own for each test: a fresh folder, no trusted code, a free port. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** WEIR_PROGRAM tests another build than that of this checkout. */
const PROGRAM =
  process.env.WEIR_PROGRAM ?? fileURLToPath(new URL('../../../dist/engine/weir.js', import.meta.url))

export interface Served {
  /** With its key. */
  url: string
  /** The folder that it shows. */
  root: string
  close(): Promise<void>
}

/** Starts the built program and waits for its address. @throws where it ends before it has one */
export async function serve(): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), 'weir-e2e-'))
  const root = join(home, 'flows')
  await mkdir(root)
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--root', root, '--port', '0'], {
    env: { ...process.env, XDG_CONFIG_HOME: join(home, 'config') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await addressOf(child)
  return {
    url,
    root,
    async close() {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error(`weir serve gave no address. It said: ${said || 'nothing'}`)
}

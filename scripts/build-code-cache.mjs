/**
 * Runs the program once after each build, so that it leaves V8's code caches beside its code (engine/start/load.ts).
 * Without them everything works, and starts more slowly.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const WARM_UP = join(dirname(import.meta.dirname), 'engine/start/warm-up.weir.json')
const LONGEST_MS = 60_000

/** For the engine's build. Watching builds have no caches: they change too often. */
export function codeCachePlugin() {
  let folder
  let watching = false
  return {
    name: 'weir:code-cache',
    buildStart() {
      watching = this.meta.watchMode
    },
    writeBundle({ dir }) {
      folder = dir
      // V8 knows code by its length only, so a cache must not outlive the file that it was made from.
      removeCaches(join(dir, 'code'))
    },
    closeBundle: {
      // After the plugins that finish the program's folder.
      order: 'post',
      handler() {
        if (watching || folder === undefined || !existsSync(join(folder, 'weir.js'))) return
        const failure = warmUp(join(folder, 'weir.js'))
        if (failure) this.warn(`No code caches, so weir starts more slowly: ${failure}`)
      },
    },
  }
}

/** Why it did not work, or nothing. */
function warmUp(program) {
  const { status, error, stderr } = spawnSync(process.execPath, [program, 'run', WARM_UP, '--quiet'], {
    env: { ...process.env, WEIR_CODE_CACHE: 'write', NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: LONGEST_MS,
  })
  if (error) return error.message
  return status === 0 ? undefined : stderr.trim()
}

function removeCaches(folder) {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.cache'))) {
    rmSync(join(folder, name))
  }
}

/** Finds the Electron binary, or gets it: downloading is tried for a bounded time, and a failure is a sentence. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const PROBE_MS = 5000
/** Enough to unpack a copy that is in Electron's cache. */
const OFFLINE_MS = 20_000
const DOWNLOAD_MS = 10 * 60_000
const DEFAULT_MIRROR = 'https://github.com/electron/electron/releases/download/'

/**
 * Where the binary is, downloading it where it is missing.
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function electronBinary() {
  const folder = packageFolder()
  if (!folder) return { reason: 'the electron package is not installed' }
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const path = join(override, readPathFile(folder) ?? defaultName())
    return existsSync(path)
      ? { path }
      : { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${path}, which is not there` }
  }
  const installed = installedBinary(folder)
  if (installed) return { path: installed }
  const failure = await install(folder)
  const path = installedBinary(folder)
  return path ? { path } : { reason: failure ?? 'Electron’s download left no program' }
}

/** Switches that Electron needs here: Chromium cannot sandbox processes of root. */
export function neededSwitches() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/** Why no window can be shown, or null. */
export function missingDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** A half-unpacked copy does not count: the version file is written last. */
function installedBinary(folder) {
  const name = readPathFile(folder)
  const version = join(folder, 'dist', 'version')
  if (name === null || !existsSync(version)) return null
  const path = join(folder, 'dist', name)
  return existsSync(path) ? path : null
}

function readPathFile(folder) {
  const file = join(folder, 'path.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

function defaultName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/** Runs the package's own installer. Resolves with the reason of a failure, or null. */
async function install(folder) {
  const reachable = await mirrorAnswers()
  if (reachable) console.log('Getting Electron (about 120 MB, once) …')
  const limit = reachable ? DOWNLOAD_MS : OFFLINE_MS
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (chunk) => (complaint = (complaint + chunk).slice(-4000)))
    const deadline = setTimeout(() => child.kill('SIGKILL'), limit)
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      clearTimeout(deadline)
      if (code === 0) return resolve(null)
      const why = signal ? `it took longer than ${limit / 1000} s` : firstLine(complaint)
      resolve(`Electron could not be downloaded: ${reachable ? why : 'its server does not answer'}`)
    })
  })
}

/** False where the download server surely cannot be reached. */
async function mirrorAnswers() {
  // Node's fetch knows nothing of proxies; Electron's installer does.
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return true
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? DEFAULT_MIRROR
  try {
    await fetch(new URL(mirror).origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_MS),
    })
    return true
  } catch {
    return false
  }
}

function firstLine(text) {
  return text.split('\n').find((line) => line.trim() !== '') ?? 'the installer failed'
}

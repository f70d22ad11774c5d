/** What the desktop specs need: an Electron that starts, and a display or xvfb-run. Installs on Debian as root. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { electronBinary, missingDisplay, neededSwitches } from './electron-binary.mjs'

/** Shared libraries of Electron, and a display without a screen. */
const PACKAGES = ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1']
const LIMIT_MS = 5 * 60_000

/** @returns {Promise<{ wrap: string[] } | { reason: string }>} the words to put before a command that opens windows */
export async function desktopForTests() {
  const electron = await electronBinary()
  if ('reason' in electron) return electron
  const lacks = () =>
    [!starts(electron.path) && 'its shared libraries', !display() && 'xvfb-run'].filter(Boolean)
  if (lacks().length > 0) installPackages()
  const missing = lacks()
  if (missing.length > 0) {
    return {
      reason: `Electron is here, but not ${missing.join(' and ')} (Debian: apt-get install ${PACKAGES.join(' ')})`,
    }
  }
  return { wrap: missingDisplay() ? ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24 -noreset'] : [] }
}

function starts(path) {
  return spawnSync(path, [...neededSwitches(), '--version'], { timeout: 30_000 }).status === 0
}

function display() {
  return !missingDisplay() || spawnSync('sh', ['-c', 'command -v xvfb-run']).status === 0
}

function installPackages() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.error('Installing what Electron needs with apt-get.')
  const options = {
    stdio: 'inherit',
    timeout: LIMIT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['-q', 'update'], options)
  spawnSync('apt-get', ['-q', 'install', '-y', '--no-install-recommends', ...PACKAGES], options)
}

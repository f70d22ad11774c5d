/** A Chromium for the browser specs: an installed one, Playwright's own, or else one that is installed now. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** Downloads that hang are given up. */
const LIMIT_MS = 5 * 60_000

/** Path of an executable that is there already, or undefined. */
export function installedChromium() {
  const wanted = process.env['WEIR_CHROMIUM']
  if (wanted) return wanted
  for (const name of NAMES) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (found.status === 0) return found.stdout.trim()
  }
  const own = chromium.executablePath()
  return existsSync(own) ? own : undefined
}

/** Finds or installs one; undefined where neither works. Says what it does on stderr. */
export function ensureChromium() {
  const there = installedChromium()
  if (there) return there
  console.error('No Chromium here: asking Playwright for one.')
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: LIMIT_MS })
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Playwright could not get one: installing chromium with apt-get.')
    const options = {
      stdio: 'inherit',
      timeout: LIMIT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    try {
      execFileSync('apt-get', ['-q', 'update'], options)
      execFileSync('apt-get', ['-q', 'install', '-y', '--no-install-recommends', 'chromium'], options)
    } catch {
      return undefined
    }
  }
  return installedChromium()
}

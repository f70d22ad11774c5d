/**
 * `npm test`: everything that decides whether a change lands. Builds, checks, runs the unit tests, then the browser
 * specs and the desktop specs. Gets what a fresh machine lacks; where no Electron can be had it leaves out the
 * desktop specs and says so in its last lines (unless WEIR_REQUIRE_DESKTOP is set: then it fails).
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './find-chromium.mjs'
import { desktopForTests } from './desktop-for-tests.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const results = []

/** Runs one step with its output shown; true where it succeeded. */
function step(name, command, args, env = {}) {
  console.log(`\n── ${name}`)
  const began = Date.now()
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const passed = status === 0
  results.push({ name, outcome: passed ? 'passed' : 'FAILED', seconds: (Date.now() - began) / 1000 })
  return passed
}

function leaveOut(name, reason, required) {
  results.push({ name, outcome: required ? `FAILED: ${reason}` : `left out: ${reason}`, seconds: 0 })
}

if (step('build', 'npm', ['run', 'build', '--silent'])) {
  step('check (types, lint, format, docs)', 'npm', ['run', 'check', '--silent'])
  step('unit tests', 'npx', ['vitest', 'run'])

  const chromium = ensureChromium()
  if (chromium)
    step('browser specs', 'npx', ['playwright', 'test', '--project=web'], { WEIR_CHROMIUM: chromium })
  else leaveOut('browser specs', 'no Chromium could be found or installed; set WEIR_CHROMIUM to one', true)

  const desktop = await desktopForTests()
  if ('wrap' in desktop) {
    const [command, ...args] = [...desktop.wrap, 'npx', 'playwright', 'test', '--project=desktop']
    step('desktop specs', command, args)
  } else {
    leaveOut('desktop specs', desktop.reason, Boolean(process.env['WEIR_REQUIRE_DESKTOP']))
  }
}

console.log('\n── summary')
for (const { name, outcome, seconds } of results)
  console.log(`${name}: ${outcome}${seconds ? ` (${seconds.toFixed(0)} s)` : ''}`)
process.exit(results.every(({ outcome }) => !outcome.startsWith('FAILED')) && results.length > 1 ? 0 : 1)

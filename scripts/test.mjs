/**
 * `npm test`: everything that decides whether a change lands. Builds, checks, runs the unit tests, then the browser
 * specs and the desktop specs. Gets what a fresh machine lacks; where no Electron can be had it leaves out the
 * desktop specs and says so in its last lines (unless WEIR_REQUIRE_DESKTOP is set: then it fails).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
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

/**
 * The unit tests. The ones that failed are kept for the summary: it is what a long log shows first, and a test that
 * fails once in many runs is told by its name or not at all.
 */
function unitTests() {
  const folder = mkdtempSync(join(tmpdir(), 'weir-report-'))
  const report = join(folder, 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  if (!step('unit tests', 'npx', ['vitest', 'run', ...reporters]))
    results.at(-1).failures = failuresIn(report)
  rmSync(folder, { recursive: true, force: true })
}

/** A line for each failed test of a report of vitest, with the first line of its reason. */
function failuresIn(report) {
  let files
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch {
    return ['no report was written: see the log']
  }
  return files.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages.join('\n'))}`)
    if (!failed.length && message) failed.push(firstLine(message))
    return failed.map((text) => `${relative(root, name)}: ${text}`)
  })
}

const firstLine = (text) => text.trim().split('\n', 1)[0]

function leaveOut(name, reason, required) {
  results.push({ name, outcome: required ? `FAILED: ${reason}` : `left out: ${reason}`, seconds: 0 })
}

if (step('build', 'npm', ['run', 'build', '--silent'])) {
  step('check (types, lint, format, docs)', 'npm', ['run', 'check', '--silent'])
  unitTests()

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
for (const { name, outcome, seconds, failures = [] } of results) {
  console.log(`${name}: ${outcome}${seconds ? ` (${seconds.toFixed(0)} s)` : ''}`)
  for (const failure of failures) console.log(`  ${failure}`)
}
process.exit(results.every(({ outcome }) => !outcome.startsWith('FAILED')) && results.length > 1 ? 0 : 1)

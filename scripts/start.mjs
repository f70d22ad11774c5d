/** `npm start [-- FLOW]`: builds what is stale and opens the desktop app, or the same studio in the browser. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { buildStale, ROOT } from './build-stale.mjs'
import { electronBinary, missingDisplay, neededSwitches } from './electron-binary.mjs'

/** An app that fails sooner than this never opened its window. */
const STARTUP_MS = 5000

// npm changes to the package's folder; a path counts from where the person is.
const folder = process.env.INIT_CWD ?? process.cwd()
const words = process.argv.slice(2).map((word) => (word.startsWith('-') ? word : resolve(folder, word)))

await buildStale()
process.exitCode = await start()

async function start() {
  const display = missingDisplay()
  if (display) return serve(display)
  const electron = await electronBinary()
  if ('reason' in electron) return serve(electron.reason)
  const started = Date.now()
  const code = await run(electron.path, [...neededSwitches(), ROOT, ...words])
  if (code === 0 || Date.now() - started > STARTUP_MS) return code
  return serve(`Electron could not start (exit code ${code})`)
}

function serve(reason) {
  console.log(`No desktop window here: ${reason}. The same studio opens in the browser:`)
  return run(process.execPath, [join(ROOT, 'dist/engine/weir.js'), 'serve', ...words])
}

/** Resolves with the exit code; Ctrl-C reaches the child by itself and is waited for. */
function run(program, parameters) {
  const { promise, resolve: settle } = deferred()
  const child = spawn(program, parameters, { stdio: 'inherit', cwd: folder })
  const pass = (signal) => child.kill(signal)
  process.on('SIGTERM', pass)
  process.on('SIGINT', ignore)
  child.once('error', (error) => {
    console.error(error.message)
    settle(1)
  })
  child.once('exit', (code) => settle(code ?? 1))
  return promise.finally(() => {
    process.off('SIGTERM', pass)
    process.off('SIGINT', ignore)
  })
}

function ignore() {}

function deferred() {
  let settle
  const promise = new Promise((done) => (settle = done))
  return { promise, resolve: settle }
}

/** `npm run dev`: the studio from Vite with hot reload, in Electron, which restarts when main or the engine change. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, createServer } from 'vite'
import { ROOT } from './build-stale.mjs'
import { electronBinary, missingDisplay, neededSwitches } from './electron-binary.mjs'

/** React's fast refresh needs an inline script, and the hot reload a socket: allowed here and nowhere else. */
const DEV_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Several bundles end at once after one change; they make one restart. */
const SETTLE_MS = 100

const obstacle = missingDisplay()
const electron = obstacle ? { reason: obstacle } : await electronBinary()
if ('reason' in electron) {
  console.error(`npm run dev needs a desktop window: ${electron.reason}. Without one: npx weir serve`)
  process.exit(1)
}

const server = await createServer({
  configFile: join(ROOT, 'renderer/vite.config.ts'),
  server: { host: '127.0.0.1', headers: { 'Content-Security-Policy': DEV_POLICY } },
})
await server.listen()
const home = server.resolvedUrls.local[0]
server.printUrls()

let child
let restarting
const watchers = []
for (const config of [
  'engine/vite.config.ts',
  'electron/vite.config.ts',
  'electron/vite.preload.config.ts',
]) {
  watchers.push(await watch(join(ROOT, config), restartSoon))
}
launch()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void finish())

/** Builds, and again at each change. Resolves after the first build; `rebuilt` is called after each later one. */
async function watch(configFile, rebuilt) {
  const watcher = await build({ configFile, logLevel: 'warn', build: { watch: {}, emptyOutDir: false } })
  await new Promise((ready) => {
    let first = true
    watcher.on('event', (event) => {
      if (event.code === 'BUNDLE_END') void event.result.close()
      if (event.code === 'ERROR') console.error(event.error.message)
      if (event.code !== 'END' && event.code !== 'ERROR') return
      if (first) ready()
      else if (event.code === 'END') rebuilt()
      first = false
    })
  })
  return watcher
}

function launch() {
  const present = spawn(electron.path, [...neededSwitches(), ROOT, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, WEIR_DEV_URL: home },
  })
  child = present
  present.once('exit', (code) => {
    // Closing the window ends the session; a restart has put another in its place or is about to.
    if (child === present && !restarting) void finish(code ?? 0)
  })
}

function restartSoon() {
  clearTimeout(restarting)
  restarting = setTimeout(() => {
    console.log('Main or the engine changed: restarting Electron.')
    const old = child
    const next = () => {
      restarting = undefined
      launch()
    }
    if (old.exitCode !== null || old.signalCode !== null) return next()
    old.once('exit', next)
    old.kill()
  }, SETTLE_MS)
}

async function finish(code = 0) {
  restarting = true
  child?.kill()
  await Promise.all([server.close(), ...watchers.map((watcher) => watcher.close())])
  process.exit(code)
}

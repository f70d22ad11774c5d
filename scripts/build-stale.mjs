/** Builds the layers whose output is missing or older than their sources. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const ROOT = dirname(import.meta.dirname)

/** Each layer's sources, what proves that it was built, and the configs that build it. */
const LAYERS = [
  {
    name: 'engine',
    sources: ['engine'],
    outputs: ['dist/engine/weir.js', 'dist/engine/worker.js'],
    configs: ['engine/vite.config.ts'],
  },
  {
    name: 'desktop shell',
    sources: ['electron', 'engine'],
    outputs: ['dist/electron/main.js', 'dist/electron/engine-process.js', 'dist/electron/preload.cjs'],
    configs: ['electron/vite.config.ts', 'electron/vite.preload.config.ts'],
  },
  {
    name: 'studio',
    sources: ['renderer', 'engine'],
    outputs: ['dist/renderer/index.html'],
    configs: ['renderer/vite.config.ts'],
  },
]

export async function buildStale() {
  const stale = LAYERS.filter(isStale)
  if (stale.length === 0) return
  console.log(`Building the ${stale.map(({ name }) => name).join(', the ')} …`)
  // Loaded only here: starting what is built must not wait for the bundler.
  const { build } = await import('vite')
  for (const { configs } of stale) {
    for (const config of configs) await build({ configFile: join(ROOT, config), logLevel: 'warn' })
  }
}

function isStale({ sources, outputs }) {
  const built = outputs.map((path) => join(ROOT, path))
  if (!built.every((path) => existsSync(path))) return true
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs))
  // A package without its sources has nothing newer than its build.
  const present = [...sources, 'package-lock.json']
    .map((path) => join(ROOT, path))
    .filter((path) => existsSync(path))
  return present.some((path) => newest(path) > oldest)
}

function newest(path) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

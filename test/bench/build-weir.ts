/** Builds the engine that is measured, apart from `dist`: a build in between does not change what is measured. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT, TOOLS } from './folders.ts'

/** Returns the path of the built `weir.js`. */
export async function buildWeir(): Promise<string> {
  // The program finds its parts from the package.json above it.
  const home = join(TOOLS, 'weir')
  const outDir = join(home, 'dist/engine')
  mkdirSync(outDir, { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(home, 'package.json'))
  await build({
    configFile: join(ROOT, 'engine/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  })
  return join(outDir, 'weir.js')
}

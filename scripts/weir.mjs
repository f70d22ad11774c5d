#!/usr/bin/env node
/**
 * `npx weir`: the built program. Its own file, because npx links a package's program at its first use and would
 * remember for ever that it was not there, had somebody called it before the build. For the same reason it keeps its name.
 */
import { existsSync } from 'node:fs'

const program = new URL('../dist/engine/weir.js', import.meta.url)
if (existsSync(program)) {
  await import(program.href)
} else {
  console.error('error: Weir is not built yet. Run npm ci in its folder, or npm run build.')
  process.exitCode = 1
}

#!/usr/bin/env node
/**
 * `npx weir`: the built program. Its own file, because npx links a package's program at its first use and would
 * remember for ever that it was not there, had somebody called it before the build. CommonJS, as Node takes 10 ms to
 * get ready for the other kind.
 */
const { existsSync } = require('node:fs')
const { join } = require('node:path')

const program = join(__dirname, '../dist/engine/weir.js')
if (existsSync(program)) {
  require(program)
} else {
  console.error('error: Weir is not built yet. Run npm ci in its folder, or npm run build.')
  process.exitCode = 1
}

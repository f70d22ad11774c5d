/** `npm run bench`: Weir beside other programs, measured as whole processes. `-- --help` lists what it can be told. */
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { ROOT } from './build-stale.mjs'

// The bench is TypeScript, which the oldest Node that Weir runs on cannot read by itself.
const { module } = await runnerImport(join(ROOT, 'test/bench/main.ts'), { configFile: false, root: ROOT })
try {
  process.exitCode = await module.bench(process.argv.slice(2))
} catch (error) {
  console.error(`The bench could not run: ${error.message}`)
  process.exitCode = 2
}

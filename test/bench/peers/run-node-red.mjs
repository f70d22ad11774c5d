/** Runs one Node-RED flow without its editor: `run-node-red.mjs PACKAGE_JSON FLOW`. The flow ends the process. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [, , packageJson, flow] = process.argv
const RED = createRequire(packageJson)('node-red')

const userDir = mkdtempSync(join(tmpdir(), 'weir-bench-node-red-'))
copyFileSync(flow, join(userDir, 'flows.json'))
process.on('exit', () => rmSync(userDir, { recursive: true, force: true }))

RED.init(undefined, {
  userDir,
  flowFile: 'flows.json',
  httpAdminRoot: false,
  httpNodeRoot: false,
  logging: { console: { level: 'fatal' } },
  telemetry: { enabled: false },
  // The last function of a flow says its answer and ends the process.
  functionGlobalContext: {
    answer(lines) {
      process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0))
    },
  },
})
await RED.start()

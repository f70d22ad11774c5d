/** What `weir check` does: says what is wrong with a flow, without running it. */
import { basename } from 'node:path'
import { hasErrors } from '../flow/problem.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'
import { EXIT } from './exit-codes.ts'
import { loadFlow } from './load-flow.ts'
import { problemCount, problemLines } from './problem-lines.ts'
import type { Terminal } from './terminal.ts'

export interface CheckArguments {
  set: string[]
  json?: boolean
}

/** Returns the exit status. */
export async function checkFlow(path: string, options: CheckArguments, terminal: Terminal): Promise<number> {
  const registry = createRegistry(nodeTypes)
  const { flow, problems } = loadFlow({ path, settings: options.set, registry, cwd: terminal.cwd })
  const ok = flow !== null && !hasErrors(problems)
  await terminal.out.write(
    options.json
      ? `${JSON.stringify({ ok, problems }, null, 2)}\n`
      : `${problemLines(problems)}${basename(path)}: ${problemCount(problems)}\n`,
  )
  return ok ? EXIT.ok : EXIT.usage
}

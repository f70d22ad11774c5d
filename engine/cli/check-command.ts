/** `weir check`: what is wrong with a flow, without running it. */
import { basename } from 'node:path'
import type { Command } from 'commander'
import { hasErrors } from '../flow/problem.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'
import { EXIT } from './exit-codes.ts'
import { loadFlow } from './load-flow.ts'
import { problemCount, problemLines } from './problem-lines.ts'
import { collect } from './run-command.ts'
import type { Terminal } from './terminal.ts'

export function addCheckCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('check')
    .description('say what is wrong with a flow, without running it')
    .argument('<flow>', 'path of a .weir.json file')
    .option('--set <NODE.FIELD=JSON>', 'change a setting first; may be given several times', collect, [])
    .option('--json', 'print { ok, problems } as JSON')
    .action(async (path: string, options: { set: string[]; json?: boolean }) => {
      const registry = createRegistry(nodeTypes)
      const { flow, problems } = await loadFlow({ path, settings: options.set, registry, cwd: terminal.cwd })
      const ok = flow !== null && !hasErrors(problems)
      await terminal.out.write(
        options.json
          ? `${JSON.stringify({ ok, problems }, null, 2)}\n`
          : `${problemLines(problems)}${basename(path)}: ${problemCount(problems)}\n`,
      )
      done(ok ? EXIT.ok : EXIT.usage)
    })
}

/** `weir check`: its options. What it does is in check-flow.ts. */
import type { Command } from 'commander'
import type { CheckArguments } from './check-flow.ts'
import { collect } from './run-command.ts'
import type { Terminal } from './terminal.ts'

export function addCheckCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('check')
    .description('say what is wrong with a flow, without running it')
    .argument('<flow>', 'path of a .weir.json file')
    .option('--set <NODE.FIELD=JSON>', 'change a setting first; may be given several times', collect, [])
    .option('--json', 'print { ok, problems } as JSON')
    .action(async (path: string, options: CheckArguments) => {
      const { checkFlow } = await import('./check-flow.ts')
      done(await checkFlow(path, options, terminal))
    })
}

/** `weir run`: its options. What it does is in run-flow.ts. */
import type { Command } from 'commander'
import type { RunArguments } from './run-flow.ts'
import { memoryOf, tierOf, workersOf } from './run-limits.ts'
import type { Terminal } from './terminal.ts'

/** Adds the command; `done` is given its exit status. */
export function addRunCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('run')
    .description('run a flow; the records of its table go to standard output as NDJSON')
    .argument('<flow>', 'path of a .weir.json file')
    .option(
      '--set <NODE.FIELD=JSON>',
      'change a setting for this run; may be given several times',
      collect,
      [],
    )
    .option('--result <NODE>', 'the table whose records are printed, where there are several')
    .option('--no-result', 'print no table')
    .option('--meters', 'write all counts as NDJSON to standard error, ten times a second')
    .option('--no-meters', 'count nothing and keep no records of the wires, to measure what that costs')
    .option(
      '--workers <N>',
      'worker threads at most; as many as there are cores where it is left out',
      workersOf,
    )
    .option('--memory <SIZE>', 'what nodes may hold together, such as 256MB; the rest goes to disk', memoryOf)
    .option('--tier <TIER>', 'use no tier but this one and row: kernel, row or sql', tierOf)
    .option('--explain', 'print how the flow would be run, and do not run it')
    .option('--json', 'with --explain: print the plan as JSON')
    .option('--quiet', 'no progress and no warnings')
    .action(async (path: string, options: RunArguments) => {
      const { runFlow } = await import('./run-flow.ts')
      done(await runFlow(path, options, terminal))
    })
}

/** Gathers an option that may be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

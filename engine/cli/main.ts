/** The `weir` program: finds the command, runs it, and turns what happens into an exit status. */
import { Command, CommanderError } from 'commander'
import '../spec/zod-settings.ts'
import { addCheckCommand } from './check-command.ts'
import { EXIT, UsageError } from './exit-codes.ts'
import { addNodesCommand } from './nodes-command.ts'
import { places } from './places.ts'
import { addRunCommand } from './run-command.ts'
import { addSchemaCommand } from './schema-command.ts'
import { addServeCommand } from './serve-command.ts'
import { TextOutput } from './terminal.ts'
import type { Terminal } from './terminal.ts'

const terminal: Terminal = { cwd: process.cwd(), out: new TextOutput(process.stdout), err: process.stderr }
// Also keeps a closed standard error from taking the run with it.
const errors = new TextOutput(process.stderr)

async function main(): Promise<number> {
  let status: number = EXIT.ok
  const done = (code: number) => void (status = code)
  const program = new Command('weir')
    .description('Data flows in the terminal: run them, check them, or open the studio in a browser.')
    .version(places().version)
    .exitOverride()
  for (const add of [addRunCommand, addCheckCommand, addNodesCommand, addSchemaCommand, addServeCommand]) {
    add(program, terminal, done)
  }
  try {
    await program.parseAsync()
    return status
  } catch (error) {
    return statusOf(error)
  }
}

function statusOf(error: unknown): number {
  // Commander has already said what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof UsageError) {
    terminal.err.write(`error: ${error.message} ${error.remedy}\n`)
    return EXIT.usage
  }
  terminal.err.write(
    `error: Weir itself failed. Please report this:\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return EXIT.failed
}

void main().then(async (status) => {
  await terminal.out.flush()
  errors.release()
  await errors.flush()
  // An open standard input, or a worker on its way out, must not keep the program waiting.
  process.exit(status)
})

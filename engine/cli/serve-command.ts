/** `weir serve`: its options. What it does is in serve.ts. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import type { ServeArguments } from './serve.ts'
import type { Terminal } from './terminal.ts'

export function addServeCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('serve')
    .description('serve the studio to a browser on this machine')
    .argument('[flow]', 'a .weir.json file to open')
    .option('--port <N>', 'port to listen on; a free one is taken if not given', portNumber)
    .option('--root <DIR>', 'folder whose flows and data files are shown; the current one if not given')
    .option('--open', 'open the browser')
    .action(async (flow: string | undefined, options: ServeArguments) => {
      const { serve } = await import('./serve.ts')
      done(await serve(flow, options, terminal))
    })
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 takes a free one.')
}

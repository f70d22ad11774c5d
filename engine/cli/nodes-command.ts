/** `weir nodes`: its options. What it prints is made in list-nodes.ts. */
import type { Command } from 'commander'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export function addNodesCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('nodes')
    .description('list the node types, or show all about one')
    .argument('[type]', 'a node type, e.g. filter')
    .option('--json', 'print descriptors as JSON')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const { nodesText } = await import('./list-nodes.ts')
      await terminal.out.write(nodesText(name, json))
      done(EXIT.ok)
    })
}

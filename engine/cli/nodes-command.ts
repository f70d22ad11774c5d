/** `weir nodes`: the node types that there are, and all about one. */
import type { Command } from 'commander'
import { nearest } from '../flow/suggest.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry, descriptorOf } from '../spec/registry.ts'
import { EXIT, UsageError } from './exit-codes.ts'
import { nodeHelp, nodeList } from './node-help.ts'
import type { Terminal } from './terminal.ts'

export function addNodesCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('nodes')
    .description('list the node types, or show all about one')
    .argument('[type]', 'a node type, e.g. filter')
    .option('--json', 'print descriptors as JSON')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      const registry = createRegistry(nodeTypes)
      if (name === undefined) {
        const all = [...registry.values()].map(descriptorOf)
        await terminal.out.write(json ? `${JSON.stringify(all, null, 2)}\n` : nodeList(all))
      } else {
        const type = registry.get(name)
        if (!type) throw unknownType(name, registry.keys())
        const descriptor = descriptorOf(type)
        await terminal.out.write(json ? `${JSON.stringify(descriptor, null, 2)}\n` : nodeHelp(descriptor))
      }
      done(EXIT.ok)
    })
}

function unknownType(name: string, known: Iterable<string>): UsageError {
  const near = nearest(name, known)
  return new UsageError(
    `There is no node type "${name}".`,
    near ? `Did you mean "${near}"? weir nodes lists them all.` : 'weir nodes lists them all.',
  )
}

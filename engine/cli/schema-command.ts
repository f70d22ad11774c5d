/** `weir schema`: the JSON Schema of flow files, for editors. */
import type { Command } from 'commander'
import { flowJsonSchema } from '../flow/schema.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export function addSchemaCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of flow files')
    .action(async () => {
      await terminal.out.write(`${JSON.stringify(flowJsonSchema(createRegistry(nodeTypes)), null, 2)}\n`)
      done(EXIT.ok)
    })
}

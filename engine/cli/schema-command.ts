/** `weir schema`: the JSON Schema of flow files, for editors. */
import type { Command } from 'commander'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export function addSchemaCommand(program: Command, terminal: Terminal, done: (status: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of flow files')
    .action(async () => {
      const { schemaText } = await import('./schema-text.ts')
      await terminal.out.write(schemaText())
      done(EXIT.ok)
    })
}

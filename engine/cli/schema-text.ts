/** What `weir schema` prints. */
import { flowJsonSchema } from '../flow/schema.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry } from '../spec/registry.ts'

/** The JSON Schema of flow files, as a file of its own. */
export function schemaText(): string {
  return `${JSON.stringify(flowJsonSchema(createRegistry(nodeTypes)), null, 2)}\n`
}

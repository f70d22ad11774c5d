/** The user code in a flow: what has to be trusted before it may run. */
import type { CodeSnippet } from '../host/protocol.ts'
import { codeFields } from '../spec/descriptor.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { migrateNodes } from './migrate.ts'
import type { Flow } from './model.ts'

/**
 * Every expression and script of the flow as it would run, nodes in their order. Code that is a node type's default
 * is Weir's own and left out; nodes of unknown types cannot run.
 */
export function codeSnippets(flow: Flow, registry: Registry): CodeSnippet[] {
  return Object.entries(migrateNodes(flow, registry).flow.nodes).flatMap(([node, { type: name, config }]) => {
    const type = registry.get(name)
    if (!type) return []
    const { config: schema, defaults } = descriptorOf(type)
    const own = new Map(codeFields(schema, defaults).map(({ path, source }) => [path, source]))
    return codeFields(schema, config)
      .filter(({ path, source }) => own.get(path) !== source)
      .map(({ path, source }) => ({ node, field: path, source }))
  })
}

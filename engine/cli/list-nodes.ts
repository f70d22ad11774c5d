/** What `weir nodes` does: the node types that there are, and all about one. */
import { nearest } from '../flow/suggest.ts'
import { nodeTypes } from '../nodes/index.ts'
import { createRegistry, descriptorOf } from '../spec/registry.ts'
import { UsageError } from './exit-codes.ts'
import { nodeHelp, nodeList } from './node-help.ts'

/**
 * The text that the command prints, for one type or for all.
 * @throws UsageError where there is no such type
 */
export function nodesText(name: string | undefined, json: boolean): string {
  const registry = createRegistry(nodeTypes)
  if (name === undefined) {
    const all = [...registry.values()].map(descriptorOf)
    return json ? `${JSON.stringify(all, null, 2)}\n` : nodeList(all)
  }
  const type = registry.get(name)
  if (!type) throw unknownType(name, registry.keys())
  const descriptor = descriptorOf(type)
  return json ? `${JSON.stringify(descriptor, null, 2)}\n` : nodeHelp(descriptor)
}

function unknownType(name: string, known: Iterable<string>): UsageError {
  const near = nearest(name, known)
  return new UsageError(
    `There is no node type "${name}".`,
    near ? `Did you mean "${near}"? weir nodes lists them all.` : 'weir nodes lists them all.',
  )
}

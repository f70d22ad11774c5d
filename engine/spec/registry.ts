/** The node types that are there, by name, and their descriptors, made once each. */
import { describe } from './descriptor.ts'
import type { NodeDescriptor } from './descriptor.ts'
import type { AnyNodeType } from './node.ts'

/** Node types by their `type`. A Map, so that a type named "constructor" in a file finds nothing. */
export type Registry = ReadonlyMap<string, AnyNodeType>

/** @throws where two types have the same name: a mistake in the list, not in a flow */
export function createRegistry(types: Iterable<AnyNodeType>): Registry {
  const registry = new Map<string, AnyNodeType>()
  for (const type of types) {
    if (registry.has(type.type)) throw new Error(`Two node types are named "${type.type}".`)
    registry.set(type.type, type)
  }
  return registry
}

const descriptors = new WeakMap<AnyNodeType, NodeDescriptor>()

/** The descriptor of a type. Cached: its JSON Schema is asked for at every check of every node. */
export function descriptorOf(type: AnyNodeType): NodeDescriptor {
  let descriptor = descriptors.get(type)
  if (!descriptor) {
    descriptor = describe(type)
    descriptors.set(type, descriptor)
  }
  return descriptor
}

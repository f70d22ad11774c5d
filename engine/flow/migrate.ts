/** Brings older flow files, and older settings of nodes, to what this build works with. */
import { reasonOf } from '../spec/expression.ts'
import type { AnyNodeType } from '../spec/node.ts'
import type { Registry } from '../spec/registry.ts'
import { FLOW_VERSION } from './model.ts'
import type { Flow, FlowNode } from './model.ts'
import { problem, quote } from './problem-text.ts'
import type { Problem } from './problem.ts'

/** A file as read from JSON, before its shape is known. */
export type RawDocument = Record<string, unknown>

/** From version N-1 to N, keyed by N. A step must not change its argument. */
export type Migrations = Readonly<Record<number, (old: RawDocument) => RawDocument>>

/** Version 1 is the first, so there is nothing to migrate yet. */
export const documentMigrations: Migrations = {}

/** Brings a document from its `weir` version to `to`, step by step. Never throws. */
export function migrateDocument(
  document: RawDocument,
  migrations: Migrations = documentMigrations,
  to: number = FLOW_VERSION,
): { document: RawDocument | null; problems: Problem[] } {
  let migrated = document
  for (let version = Number(document['weir']) + 1; version <= to; version++) {
    const step = migrations[version]
    if (!step) {
      const what = `its format is version ${version - 1}, which this Weir cannot bring to version ${version}`
      return { document: null, problems: [problem('not-a-flow', {}, { what })] }
    }
    try {
      migrated = { ...step(migrated), weir: version }
    } catch (error) {
      const what = `Bringing the file from version ${version - 1} to ${version} failed: ${reasonOf(error)}`
      return { document: null, problems: [problem('bad-shape', {}, { what })] }
    }
  }
  return { document: migrated, problems: [] }
}

/** Brings every node's settings to the version of its type. Nodes that need nothing stay the same objects. */
export function migrateNodes(flow: Flow, registry: Registry): { flow: Flow; problems: Problem[] } {
  const problems: Problem[] = []
  let changed = false
  const nodes: Flow['nodes'] = {}
  for (const [id, node] of Object.entries(flow.nodes)) {
    const type = registry.get(node.type)
    const result = type ? migrateNode(node, type) : { node }
    nodes[id] = result.node
    changed ||= result.node !== node
    if (result.failed)
      problems.push(problem('bad-config', { node: id }, { what: result.failed, remedy: REMEDY }))
  }
  return { flow: changed ? { ...flow, nodes } : flow, problems }
}

const REMEDY = 'Set the node up anew, or open the flow with the Weir it was made with.'

/** `failed` says why the node had to stay as it was. */
function migrateNode(node: FlowNode, type: AnyNodeType): { node: FlowNode; failed?: string } {
  let config = node.config ?? {}
  const from = node.version ?? 1
  if (from >= type.version) return { node }
  for (let version = from + 1; version <= type.version; version++) {
    try {
      // A version without a step only added settings that have defaults.
      config = type.migrate?.[version]?.(config) ?? config
    } catch (error) {
      const what = `The settings of ${quote(type.type)} could not be brought from version ${version - 1} to ${version}`
      return { node, failed: `${what}: ${reasonOf(error)}` }
    }
  }
  return { node: { ...node, version: type.version, config } }
}

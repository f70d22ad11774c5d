/** What a file holds beyond the format: kept by `writeFlow` (but for places of nodes that are gone) and reported. */
import { capacitySchema, edgeId, edgeSchema, flowSchema, nodeSchema, runSettingsSchema } from './model.ts'
import type { Flow } from './model.ts'
import { problem } from './problem-text.ts'
import type { Place, Problem } from './problem.ts'
import { nearest } from './suggest.ts'

/** One warning for each key at any level of the format itself. Keys in a node's config are `validateFlow`'s. */
export function unknownFlowKeys(flow: Flow): Problem[] {
  // Editors complete a file whose "$schema" names what `weir schema` printed.
  const problems = warnings(flow, { ...flowSchema().shape, $schema: true }, 'the flow', {})
  if (flow.run) problems.push(...warnings(flow.run, runSettingsSchema().shape, '"run"', {}))
  for (const [id, node] of Object.entries(flow.nodes)) {
    problems.push(...warnings(node, nodeSchema().shape, `node "${id}"`, { node: id }))
  }
  for (const edge of flow.edges) {
    const id = edgeId(edge)
    problems.push(...warnings(edge, edgeSchema().shape, `edge ${id}`, { edge: id }))
    if (!edge.capacity) continue
    problems.push(
      ...warnings(edge.capacity, capacitySchema().shape, `the capacity of edge ${id}`, { edge: id }),
    )
  }
  return problems
}

/** One warning for each place of a node that is not there; such places are left out when the flow is written. */
export function strayLayout(flow: Flow): Problem[] {
  const why = 'is the place of a node that is not there'
  return Object.keys(flow.layout)
    .filter((id) => !Object.hasOwn(flow.nodes, id))
    .map((key) => problem('unknown-key', {}, { key, place: '"layout"', kept: false, why }))
}

function warnings(value: object, shape: object, place: string, at: Place): Problem[] {
  const known = Object.keys(shape)
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const warning = problem('unknown-key', at, { key, place, kept: true })
      const near = nearest(key, known)
      return near ? { ...warning, remedy: `Did you mean "${near}"? It is kept as it is.` } : warning
    })
}

/** From a flow to the text of its file, always in the same order and form: saving twice changes nothing. */
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { oneLine, printJson } from './json-print.ts'
import { FLOW_VERSION } from './model.ts'
import type { Flow, FlowEdge, FlowNode } from './model.ts'
import { tidyConfig } from './tidy-config.ts'

/**
 * The text of the flow's file. Nodes and edges keep their order; each edge and each place is one line, so that a
 * moved node is one changed line. Places are whole pixels; those of nodes that are not there are left out.
 */
export function writeFlow(flow: Flow, registry: Registry): string {
  const { weir: _, name, run = {}, nodes, edges, layout, ...unknown } = flow
  const sections: [string, string][] = [
    ['weir', String(FLOW_VERSION)],
    ['name', JSON.stringify(name)],
    ...(Object.keys(run).length > 0 ? [['run', printJson(run, 2, 9)] satisfies [string, string]] : []),
    [
      'nodes',
      block(
        '{',
        Object.entries(nodes).map(([id, node]) => nodeLine(id, tidyNode(node, registry))),
      ),
    ],
    [
      'edges',
      block(
        '[',
        edges.map((edge) => `    ${oneLine(tidyEdge(edge))}`),
      ),
    ],
  ]
  for (const [key, value] of Object.entries(unknown)) {
    if (value !== undefined) sections.push([key, printJson(value, 2, key.length + 6)])
  }
  const places = layoutLines(nodes, layout)
  if (places.length > 0) sections.push(['layout', block('{', places)])
  return `{\n${sections.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}\n`
}

function block(open: '{' | '[', lines: string[]): string {
  const close = open === '{' ? '}' : ']'
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n  ${close}`
}

function nodeLine(id: string, node: object): string {
  const start = `    ${JSON.stringify(id)}: `
  return start + printJson(node, 4, start.length)
}

function tidyNode(node: FlowNode, registry: Registry): object {
  const { type: name, title, version = 1, config, ...unknown } = node
  const type = registry.get(name)
  // Settings of another version than the type's have another schema, so they are left as they are.
  const known = type !== undefined && type.version === version && config !== undefined
  const tidy = known ? tidyConfig(descriptorOf(type).config, config) : config
  const empty = tidy === undefined || Object.keys(tidy).length === 0
  return {
    type: name,
    title,
    version: version === 1 ? undefined : version,
    config: empty ? undefined : tidy,
    ...unknown,
  }
}

function tidyEdge(edge: FlowEdge): object {
  const { from, to, capacity, ...unknown } = edge
  return { from, to, capacity: capacity && tidyCapacity(capacity), ...unknown }
}

function tidyCapacity(capacity: NonNullable<FlowEdge['capacity']>): object {
  const { records, bytes, ...unknown } = capacity
  return { records, bytes, ...unknown }
}

function layoutLines(nodes: Flow['nodes'], layout: Flow['layout']): string[] {
  return Object.keys(nodes).flatMap((id) => {
    const place = Object.hasOwn(layout, id) ? layout[id] : undefined
    if (!place || !place.every(Number.isFinite)) return []
    return [`    ${JSON.stringify(id)}: ${oneLine(place.map((pixel) => Math.round(pixel)))}`]
  })
}

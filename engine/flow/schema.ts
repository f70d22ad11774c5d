/** The JSON Schema of a whole flow file, so that any editor completes and checks it. */
import { z } from 'zod'
import type { AnyNodeType } from '../spec/node.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { edgeSchema, flowSchema, NODE_ID, nodeSchema } from './model.ts'

/** A JSON Schema (2020-12) as plain data. */
export type SchemaDocument = Record<string, unknown>

/** The format's own schema, with the settings of each node described by its type. */
export function flowJsonSchema(registry: Registry): SchemaDocument {
  const types = [...registry.values()]
  const flow = parts(flowSchema())
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Weir flow',
    description: 'A flow of nodes and wires: NAME.weir.json, version 1.',
    type: 'object',
    required: flow.required,
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      ...flow.properties,
      nodes: {
        description: 'The nodes by their id.',
        type: 'object',
        propertyNames: { pattern: NODE_ID.source },
        additionalProperties: { $ref: '#/$defs/node' },
      },
      edges: { description: 'The wires.', type: 'array', items: { $ref: '#/$defs/edge' } },
      layout: {
        description: 'Where each node stands on the canvas, in pixels: [x, y].',
        type: 'object',
        additionalProperties: {
          type: 'array',
          prefixItems: [{ type: 'number' }, { type: 'number' }],
          minItems: 2,
          maxItems: 2,
        },
      },
    },
    $defs: {
      node: nodeDefinition(types),
      edge: edgeDefinition(),
      ...Object.fromEntries(types.map((type) => [configName(type), configDefinition(type)])),
    },
  }
}

function nodeDefinition(types: readonly AnyNodeType[]): SchemaDocument {
  const node = parts(nodeSchema())
  return {
    type: 'object',
    required: node.required,
    properties: {
      ...node.properties,
      type: {
        description: 'What the node does; `weir nodes` lists the types.',
        oneOf: types.map((type) => ({ const: type.type, title: type.title, description: type.summary })),
      },
    },
    allOf: types.map((type) => ({
      if: { properties: { type: { const: type.type } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's word, in data that nobody awaits
      then: {
        properties: { config: { $ref: `#/$defs/${configName(type)}` } },
        // A setting without default has to be given, so the node cannot do without its config.
        ...(descriptorOf(type).config.required?.length && { required: ['config'] }),
      },
    })),
  }
}

function configDefinition(type: AnyNodeType): SchemaDocument {
  return { title: type.title, description: type.summary, ...descriptorOf(type).config }
}

function configName(type: AnyNodeType): string {
  return `config-${type.type}`
}

function edgeDefinition(): SchemaDocument {
  const edge = parts(edgeSchema())
  const end = (what: string) => ({
    type: 'string',
    pattern: '^[^.]+\\.[^.]+$',
    description: `${what}, as "node.port".`,
  })
  return {
    type: 'object',
    required: edge.required,
    properties: {
      ...edge.properties,
      from: end('The output that the records come from'),
      to: end('The input that they go to'),
    },
  }
}

function parts(type: z.ZodType): { properties: Record<string, unknown>; required: string[] } {
  const schema = z.toJSONSchema(type, { io: 'input' })
  return { properties: schema.properties ?? {}, required: schema.required ?? [] }
}

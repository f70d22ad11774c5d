/** The JSON Schema of flow files. */
import { describe, expect, it } from 'vitest'
import { flowJsonSchema } from '../../../engine/flow/schema.ts'
import { registry } from './sample-types.ts'

const schema = flowJsonSchema(registry)
const definitions = schema['$defs'] as Record<string, Record<string, unknown>>

describe('the schema of flow files', () => {
  it('is plain data of draft 2020-12', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(schema['required']).toEqual(['weir', 'nodes'])
  })

  it('describes the settings of every type where a node has that type', () => {
    const rules = definitions['node']!['allOf'] as {
      if: unknown
      then: { properties: { config: { $ref: string } } }
    }[]
    expect(rules).toHaveLength(registry.size)
    for (const rule of rules) {
      const name = rule.then.properties.config.$ref.replace('#/$defs/', '')
      expect(rule.if).toEqual({
        properties: { type: { const: name.replace('config-', '') } },
        required: ['type'],
      })
      expect(definitions[name]).toMatchObject({ type: 'object' })
    }
    expect(definitions['config-source']).toMatchObject({
      required: ['path'],
      properties: { format: { enum: ['lines', 'csv'] } },
    })
  })

  it('asks for settings only where one has no default', () => {
    const rules = definitions['node']!['allOf'] as {
      if: { properties: { type: { const: string } } }
      then: { required?: string[] }
    }[]
    const asking = rules.filter((rule) => rule.then.required).map((rule) => rule.if.properties.type.const)
    expect(asking).toEqual(['source'])
  })

  it('points only at definitions that are there', () => {
    const text = JSON.stringify(schema)
    const refs = [...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((match) => match[1]!)
    expect(refs.length).toBeGreaterThan(registry.size)
    for (const ref of refs) expect(definitions).toHaveProperty([ref])
  })
})

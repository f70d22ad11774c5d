// The form of a node, made from its JSON Schema.
import { describe, expect, it } from 'vitest'
import { describe as describeType } from '../../engine/spec/descriptor.ts'
import { nodeTypes } from '../../engine/nodes/index.ts'
import {
  defaultText,
  formFields,
  isShown,
  newElement,
  problemsAt,
} from '../../renderer/inspector/form-model.ts'
import type { JsonSchema, Problem } from '../../engine/host/protocol.ts'

const only = (schema: JsonSchema) => formFields({ properties: { it: schema } })[0]!

describe('the kind of a field', () => {
  it.each<[string, JsonSchema]>([
    ['text', { type: 'string' }],
    ['long-text', { type: 'string', editor: 'text' }],
    ['number', { type: 'integer' }],
    ['boolean', { type: 'boolean' }],
    ['choice', { type: 'string', enum: ['a', 'b'] }],
    ['choice', { anyOf: [{ const: 'a' }, { const: 2 }] }],
    ['objects', { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }],
    ['texts', { type: 'array', items: { type: 'string' } }],
    ['fields', { type: 'array', items: { type: 'string' }, editor: 'fields' }],
    ['expression', { type: 'string', editor: 'expression' }],
    ['path-in', { type: 'string', editor: 'path-in' }],
    ['json', { type: 'object' }],
    ['json', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  ])('is %s where the schema says so', (kind, schema) => {
    expect(only(schema).kind).toBe(kind)
  })

  it('is that of the value where null is allowed too, and keeps the outer title', () => {
    const field = only({ title: 'Limit', anyOf: [{ type: 'integer', title: 'inner' }, { type: 'null' }] })
    expect(field).toMatchObject({ kind: 'number', title: 'Limit', integer: true })
  })

  it('is never a bare JSON editor for a node of the studio that did not ask for one', () => {
    for (const type of nodeTypes) {
      const { config } = describeType(type)
      for (const field of formFields(config)) {
        const asked = config.properties?.[field.key]?.editor === 'json'
        expect(field.kind === 'json', `${type.type}.${field.key}`).toBe(asked)
      }
    }
  })
})

describe('what a field carries', () => {
  it('is required only without a default', () => {
    const fields = formFields({
      required: ['a', 'b'],
      properties: { a: { type: 'string' }, b: { type: 'string', default: 'x' }, c: { type: 'string' } },
    })
    expect(fields.map((field) => field.required)).toEqual([true, false, false])
  })

  it('is shown by the other field, whose default counts while it is not set', () => {
    const fields = formFields({
      properties: {
        as: { type: 'string', enum: ['json', 'csv'], default: 'json' },
        header: { type: 'boolean', when: { as: ['csv'] } },
      },
    })
    const header = fields[1]!
    expect(isShown(header, {}, fields)).toBe(false)
    expect(isShown(header, { as: 'csv' }, fields)).toBe(true)
  })

  it('of a new element leaves defaults out and starts required texts empty', () => {
    const field = only({
      type: 'array',
      items: {
        required: ['field', 'value'],
        properties: {
          field: { type: 'string' },
          value: { type: 'string' },
          fn: { type: 'string', enum: ['count'], default: 'count' },
        },
      },
    })
    expect(newElement(field)).toEqual({ field: '', value: '' })
  })

  it('tells defaults in words', () => {
    expect([false, 10, [], '', 'auto', undefined].map(defaultText)).toEqual([
      'off',
      '10',
      'none',
      '',
      'auto',
      '',
    ])
  })
})

describe('problems at a field', () => {
  const problem = (node: string, field: string): Problem => ({
    code: 'bad-config',
    severity: 'error',
    at: { node, field },
    message: field,
    remedy: '',
  })
  const problems = [
    problem('a', 'fields'),
    problem('a', 'fields.0.value'),
    problem('b', 'fields'),
    problem('a', 'fields2'),
  ]

  it('are its own', () => {
    expect(problemsAt(problems, 'a', 'fields').map(({ message }) => message)).toEqual(['fields'])
  })

  it('are those of its parts too where it shows them itself', () => {
    expect(problemsAt(problems, 'a', 'fields', true).map(({ message }) => message)).toEqual([
      'fields',
      'fields.0.value',
    ])
  })
})

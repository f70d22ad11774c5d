/** Finding the user's code in a flow. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { codeSnippets } from '../../../engine/flow/code.ts'
import type { Flow } from '../../../engine/flow/model.ts'
import { codeFields } from '../../../engine/spec/descriptor.ts'
import type { JsonSchema } from '../../../engine/spec/descriptor.ts'
import { expression } from '../../../engine/spec/fields.ts'
import { registry } from './sample-types.ts'

const snippets = (nodes: Flow['nodes']) =>
  codeSnippets({ weir: 1, name: '', nodes, edges: [], layout: {} }, registry)

it('finds expressions and scripts at any depth, with node and field', () => {
  expect(
    snippets({
      a: { type: 'step', config: { value: 'record + 1', body: 'return 2' } },
      b: { type: 'tally', version: 3, config: { sums: [{ as: 'x' }, { as: 'y', of: 'record.y' }] } },
      c: { type: 'numbers', config: { from: 5 } },
    }),
  ).toEqual([
    { node: 'a', field: 'value', source: 'record + 1' },
    { node: 'a', field: 'body', source: 'return 2' },
    { node: 'b', field: 'sums.1.of', source: 'record.y' },
  ])
})

it('leaves out what a node type has as its own default', () => {
  expect(
    snippets({
      a: { type: 'step', config: { value: 'record', body: 'return record' } },
      b: { type: 'step' },
    }),
  ).toEqual([])
})

it('asks for code wherever it differs from its own field’s default', () => {
  expect(snippets({ a: { type: 'step', config: { value: 'return record' } } })).toHaveLength(1)
})

it('leaves out nodes of unknown types, which cannot run', () => {
  expect(snippets({ a: { type: 'constructor', config: { value: 'evil()' } } })).toEqual([])
})

it('finds code in alternatives, once each', () => {
  const value = expression({ title: 'Value', description: 'A value.' })
  const config = z.object({
    do: z.union([z.object({ kind: z.literal('a'), value }), z.object({ kind: z.literal('b'), value })]),
  })
  const schema = z.toJSONSchema(config) as JsonSchema
  expect(codeFields(schema, { do: { kind: 'b', value: 'evil()' } })).toEqual([
    { path: 'do.value', kind: 'expression', source: 'evil()' },
  ])
})

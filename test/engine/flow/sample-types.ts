/** Small node types for the tests of the flow file, so that those do not hang on the real ones. */
import { z } from 'zod'
import { expression, field, script } from '../../../engine/spec/fields.ts'
import { defineConsumer, defineGenerator, defineProcessor } from '../../../engine/spec/node.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'

const plain = {
  title: 'A type',
  summary: 'For tests.',
  docs: 'For tests.',
  look: { icon: 'box', face: '' },
  laws: {},
  examples: [],
}
const about = (title: string) => ({ title, description: `${title}.` })

export const source = defineGenerator({
  ...plain,
  type: 'source',
  config: () =>
    z.object({
      path: field(z.string().min(1), { ...about('Path'), editor: 'path-in' }),
      format: field(z.enum(['lines', 'csv']).default('lines'), about('Format')),
      password: field(z.string().optional(), about('Password')),
      also: field(
        z.array(z.object({ path: field(z.string(), { ...about('Path'), editor: 'path-in' }) })).default([]),
        about('Also'),
      ),
    }),
  async run() {},
})

export const numbers = defineGenerator({
  ...plain,
  type: 'numbers',
  config: () =>
    z.object({
      from: field(z.number().default(1), about('From')),
      to: field(z.number().min(0).default(10), about('To')),
      extra: field(z.array(z.unknown()).default([]), about('Extra')),
    }),
  check: ({ from, to }): Record<string, string> => (from > to ? { from: 'From is behind To.' } : {}),
  ports: { out: { out: { type: 'number', description: 'Numbers.' } } },
  async run() {},
})

export const step = defineProcessor({
  ...plain,
  type: 'step',
  config: () =>
    z.object({
      value: expression(about('Value'), 'record'),
      body: script(about('Body'), 'return record'),
      limit: field(
        z.object({ records: field(z.number().default(5), about('Records')) }).optional(),
        about('Limit'),
      ),
    }),
  each: () => (record, emit) => emit['out']!(record),
})

export const tally = defineProcessor({
  ...plain,
  type: 'tally',
  version: 3,
  migrate: { 3: ({ key, ...rest }) => ({ ...rest, ...(key !== undefined && { by: [key] }) }) },
  config: () =>
    z.object({
      by: field(z.array(z.string()).default([]), about('By')),
      sums: field(
        z
          .array(
            z.object({
              as: field(z.string().min(1), about('Name')),
              of: expression(about('Of'), 'record'),
            }),
          )
          .default([]),
        about('Sums'),
      ),
    }),
  fold: () => ({ init: () => 0, add() {}, merge: () => 0, finish: () => [] }),
})

export const split = defineProcessor({
  ...plain,
  type: 'split',
  config: () => z.object({}),
  ports: {
    in: { in: { type: 'record', description: 'Objects.' } },
    out: {
      kept: { type: 'record', description: 'Kept.' },
      rest: { type: 'record', description: 'The rest.', optional: true },
    },
  },
  async run() {},
})

export const sink = defineConsumer({ ...plain, type: 'sink', config: () => z.object({}), async run() {} })

export const texts = defineConsumer({
  ...plain,
  type: 'texts',
  config: () => z.object({}),
  ports: { in: { in: { type: 'text', description: 'Texts.' } } },
  async run() {},
})

export const registry = createRegistry([source, numbers, step, tally, split, sink, texts])

/** The generated reference of node types. */
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { expression, field } from '../../../engine/spec/fields.ts'
import { defineConsumer, defineProcessor } from '../../../engine/spec/node.ts'
import { renderNodeDocs } from '../../../engine/spec/node-docs.ts'
import { descriptorOf } from '../../../engine/spec/registry.ts'

const sift = defineProcessor({
  type: 'sift',
  title: 'Sift',
  summary: 'Keeps some.',
  docs: 'Long text\n\nin **Markdown**.',
  config: () =>
    z.object({
      where: expression({ title: 'Condition', description: 'Either this | or that.' }, 'a || `b`'),
      mode: field(z.enum(['all', 'any']), { title: 'Mode', description: 'Which.' }),
      rate: field(z.number().int().min(1).default(5), {
        title: 'Rate',
        description: 'How fast.',
        unit: 'records/s',
        when: { mode: ['all', 'any'] },
      }),
      parts: field(
        z.array(z.object({ as: field(z.string(), { title: 'Name', description: 'A name.' }) })).default([]),
        {
          title: 'Parts',
          description: 'Several.',
        },
      ),
    }),
  look: { icon: 'x', face: '' },
  laws: {},
  examples: [{ title: 'One', config: { mode: 'all' }, in: { in: [1] }, out: { out: [1] } }],
  each: () => (record, emit) => emit['out']!(record),
})
const hole = defineConsumer({
  type: 'hole',
  title: 'Hole',
  summary: 'Drops all.',
  docs: 'Gone.',
  config: () => z.object({}),
  look: { icon: 'x', face: '' },
  laws: {},
  examples: [],
  async run() {},
})
const page = renderNodeDocs([sift, hole].map(descriptorOf))

describe('the page of node types', () => {
  it('lists all types with links, then each under its kind', () => {
    expect(page).toContain(
      '| [sift](#sift) | processor | Keeps some. |\n| [hole](#hole) | consumer | Drops all. |',
    )
    expect(page.match(/^##? .*|^### .*/gm)).toEqual([
      '# Nodes',
      '## Processors',
      '### sift',
      '## Consumers',
      '### hole',
    ])
    expect(page).toContain('Long text\n\nin **Markdown**.')
  })

  it('has a row for every port', () => {
    expect(page).toContain('| `in` | in | any | Records to work on. |')
    expect(page).toMatch(/\| `error` \| out \| error \| .* May stay without a wire\. \|/)
  })

  it('has a row for every setting, those in lists included', () => {
    expect(page).toContain('| `mode` | `"all"`, `"any"` | required | **Mode.** Which. |')
    expect(page).toContain(
      '| `rate` | integer ≥ 1 | `5` | **Rate.** How fast. In records/s. Where `mode` is `"all"` or `"any"`. |',
    )
    expect(page).toContain('| `parts` | list of object | `[]` | **Parts.** Several. |')
    expect(page).toContain('| `parts[].as` | string | required | **Name.** A name. |')
    expect(page).toContain('No settings.')
  })

  it('keeps bars and backticks inside their cells', () => {
    expect(page).toContain('| expression | `` "a \\|\\| `b`" `` | **Condition.** Either this \\| or that. |')
  })

  it('shows examples as JSON', () => {
    const blocks = [...page.matchAll(/```json\n(.*?)\n```/gs)].map(
      (match) => JSON.parse(match[1]!) as unknown,
    )
    expect(blocks).toEqual([{ config: { mode: 'all' }, in: { in: [1] }, out: { out: [1] } }])
    expect(page).toContain('One:\n\n```json')
  })

  it('ends with one line break and is the same each time', () => {
    expect(page).toMatch(/[^\n]\n$/)
    expect(renderNodeDocs([sift, hole].map(descriptorOf))).toBe(page)
  })
})

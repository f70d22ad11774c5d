/** Older files and older settings. */
import { describe, expect, it } from 'vitest'
import { documentMigrations, migrateDocument, migrateNodes } from '../../../engine/flow/migrate.ts'
import { FLOW_VERSION } from '../../../engine/flow/model.ts'
import { registry } from './sample-types.ts'

describe('documents', () => {
  const table = {
    2: (old: Record<string, unknown>) => ({ ...old, steps: ['two'] }),
    3: (old: Record<string, unknown>) => ({ ...old, steps: [...(old['steps'] as string[]), 'three'] }),
  }

  it('go through every step from their version on', () => {
    expect(migrateDocument({ weir: 1, keep: 1 }, table, 3)).toEqual({
      document: { weir: 3, keep: 1, steps: ['two', 'three'] },
      problems: [],
    })
    expect(migrateDocument({ weir: 2, steps: [] }, table, 3).document).toEqual({ weir: 3, steps: ['three'] })
  })

  it('of the present version stay the same object', () => {
    const document = { weir: 3 }
    expect(migrateDocument(document, table, 3).document).toBe(document)
  })

  it('without a step to the next version are refused', () => {
    const { document, problems } = migrateDocument({ weir: 1 }, { 3: table[3] }, 3)
    expect(document).toBeNull()
    expect(problems[0]).toMatchObject({ code: 'not-a-flow' })
  })

  it('that a step fails on are a problem, not a throw', () => {
    const { document, problems } = migrateDocument({ weir: 2 }, table, 3)
    expect(document).toBeNull()
    expect(problems[0]!.message).toContain('from version 2 to 3 failed')
  })

  it('have a step for every version that this build is beyond', () => {
    for (let version = 2; version <= FLOW_VERSION; version++)
      expect(documentMigrations[version]).toBeTypeOf('function')
  })
})

describe('settings of nodes', () => {
  const flow = (node: object) => ({
    weir: 1 as const,
    name: '',
    nodes: { n: { type: 'tally', ...node } },
    edges: [],
    layout: {},
  })

  it('are brought to the version of their type, whatever else the node holds', () => {
    const { nodes } = migrateNodes(flow({ version: 2, config: { key: 'a' }, 'x-note': 1 }), registry).flow
    expect(nodes['n']).toEqual({ type: 'tally', version: 3, config: { by: ['a'] }, 'x-note': 1 })
  })

  it('of the present or of a newer version are left alone', () => {
    for (const version of [3, 4]) {
      const before = flow({ version, config: { key: 'a' } })
      expect(migrateNodes(before, registry).flow).toBe(before)
    }
  })
})

/** The trial flow behind a sample. */
import { describe, expect, test } from 'vitest'
import { flowSchema } from '../../../engine/flow/model.ts'
import { validateFlow } from '../../../engine/flow/validate.ts'
import { sampleFlow } from '../../../engine/host/sample-flow.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'

const registry = createRegistry(nodeTypes)

function trialOf(nodes: Record<string, object>, wires: [string, string][], node: string) {
  const edges = wires.map(([from, to]) => ({ from, to }))
  const trial = sampleFlow(flowSchema().parse({ weir: 1, nodes, edges }), node, registry)
  if (!trial) throw new Error('no trial')
  return trial
}

describe('a trial flow', () => {
  test('has no problems where the source has no spare output', () => {
    const trial = trialOf(
      { people: { type: 'list' }, keep: { type: 'filter', config: { condition: 'true' } } },
      [['people.out', 'keep.in']],
      'keep',
    )
    expect(validateFlow(trial, registry)).toEqual([])
  })

  test('has no problems where outputs are left over', () => {
    const trial = trialOf(
      {
        log: { type: 'list' },
        page: { type: 'parse' },
        keep: { type: 'filter', config: { condition: 'true' } },
        last: { type: 'table' },
      },
      [
        ['log.out', 'page.in'],
        ['page.out', 'keep.in'],
        ['keep.kept', 'last.in'],
      ],
      'last',
    )
    expect(validateFlow(trial, registry)).toEqual([])
    expect(trial.edges.map(({ from }) => from)).toContain('keep.rejected')
  })

  test('is none where nothing is wired into the node', () => {
    const flow = flowSchema().parse({
      weir: 1,
      nodes: { keep: { type: 'filter', config: { condition: 'true' } } },
    })
    expect(sampleFlow(flow, 'keep', registry)).toBeNull()
  })
})

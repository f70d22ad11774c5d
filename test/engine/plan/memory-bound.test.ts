/** A small memory is divided among few workers, and the plan says so. */
import { describe, expect, it } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { mostWorkers } from '../../../engine/spill/run-memory.ts'
import { flowOf } from '../run-flow.ts'

const registry = createRegistry(nodeTypes)
const io = { resolve: (path: string) => path }

function stageOf(behind: 'group' | 'discard', memoryMb: number, workers = 8) {
  const config = behind === 'group' ? { by: ['k'] } : {}
  const out = behind === 'group' ? 'g.out' : 'm.out'
  const flow = flowOf(
    {
      r: ['range', { to: 100_000_000 }],
      m: ['map', { value: '({ k: record })' }],
      ...(behind === 'group' && { g: ['group', config] }),
      t: ['write-file', { path: 'out.ndjson' }],
    },
    ['r.out -> m.in', ...(behind === 'group' ? ['m.out -> g.in'] : []), `${out} -> t.in`],
  )
  return planWork(flow, registry, { workers, memoryMb, io }).plan.stages[0]!
}

describe('the workers of a plan', () => {
  it('are as many as the memory is enough for', () => {
    expect(stageOf('group', 256).workers).toBe(8)
    expect(stageOf('group', 256).why).not.toContain('too little')
    const few = stageOf('group', 16)
    expect(few.workers).toBe(mostWorkers(16, 1))
    expect(few.workers).toBeLessThan(8)
    expect(few.why).toMatch(/; more would leave too little of 16 MB for each$/)
    expect(stageOf('group', 16, 2)).toEqual(stageOf('group', 256, 2))
  })

  it('are one where it is not enough for more', () => {
    expect(stageOf('group', 4)).toMatchObject({
      workers: 1,
      why: 'one worker: more would leave too little of 4 MB for each',
    })
  })

  it('are not bound by it where nothing is held', () => {
    expect(stageOf('discard', 4).workers).toBe(8)
  })
})

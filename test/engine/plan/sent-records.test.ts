/** When records are worth being sent to a node that only one thread can run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { flowOf } from '../run-flow.ts'

const registry = createRegistry(nodeTypes)
const least = { rowBytes: 0, kernelBytes: 0, records: 0, cededRecords: 1, cededBytes: 1 }
const folder = mkdtempSync(join(tmpdir(), 'weir-plan-'))
const io = { resolve: (path: string) => join(folder, path) }
writeFileSync(join(folder, 'in.csv'), 'user,n\n' + 'somebody,1\n'.repeat(100_000))
afterAll(() => rmSync(folder, { recursive: true }))

type Node = Parameters<typeof flowOf>[0][string]

function stageOf(workers: number, maps: boolean) {
  const flow = flowOf(
    {
      in: ['file', { path: 'in.csv', format: 'csv' }],
      ...(maps && { m: ['map', { value: '({ user: record.user, n: record.n * 2 })' }] }),
      s: ['sort', { by: [{ field: 'user' }] }],
      t: ['discard'],
    },
    [...(maps ? ['in.out -> m.in', 'm.out -> s.in'] : ['in.out -> s.in']), 's.out -> t.in'],
  )
  return planWork(flow, registry, { workers, io, least, turnBytes: 65_536 }).plan.stages[0]!
}

describe('records of a file that go to a sort', () => {
  it('are sent by two workers where something was done to them before', () => {
    expect(stageOf(2, true)).toMatchObject({ workers: 2 })
  })

  it('are read by one where another would only pack what it has read', () => {
    expect(stageOf(2, false)).toMatchObject({
      workers: 1,
      why: 'one worker: to send the records of in.csv as they are costs what a second one gains',
    })
    expect(stageOf(3, false)).toMatchObject({ workers: 3 })
  })

  it('stay where they are where only their keys are looked at in one place', () => {
    const told = (nodes: Parameters<typeof flowOf>[0], wires: string[]) =>
      planWork(flowOf(nodes, wires), registry, { workers: 2, io, least, turnBytes: 65_536 }).shared[0]?.firsts
    const nodes: Parameters<typeof flowOf>[0] = {
      in: ['file', { path: 'in.csv', format: 'csv' }],
      d: ['dedupe', { by: ['user'] }],
      t: ['discard'],
    }
    expect(told(nodes, ['in.out -> d.in', 'd.out -> t.in'])).toEqual(['d'])
    // Lines are made as fast as their keys are sent.
    const lines = {
      ...nodes,
      in: ['file', { path: 'in.csv', format: 'lines' }] as Node,
      d: ['dedupe'] as Node,
    }
    expect(told(lines, ['in.out -> d.in', 'd.out -> t.in'])).toBeUndefined()
    // What memory cannot decide is sent, which objects of a class would not survive.
    const made = { ...nodes, m: ['map', { value: 'new Thing(record)' }] as Node }
    expect(told(made, ['in.out -> m.in', 'm.out -> d.in', 'd.out -> t.in'])).toBeUndefined()
    // What is added up before had better be so in shares.
    const added = { ...nodes, g: ['group', { by: ['user'] }] as Node }
    expect(
      told(added, ['in.out -> d.in', 'in.out -> g.in', 'd.out -> t.in', 'g.out -> t.in']),
    ).toBeUndefined()
  })

  it('are read by one where any of the wires has a queue of its own', () => {
    const flow = flowOf(
      {
        in: ['file', { path: 'in.csv', format: 'csv' }],
        m: ['filter', { condition: 'record.n > 0' }],
        d: ['dedupe', { by: ['user'] }],
        e: ['dedupe', { by: ['n'] }],
        t: ['discard'],
      },
      [
        'in.out -> m.in',
        'm.kept -> d.in',
        { from: 'm.rejected', to: 'e.in', capacity: { records: 10 } },
        'd.out -> t.in',
        'e.out -> t.in',
      ],
    )
    expect(
      planWork(flow, registry, { workers: 2, io, least, turnBytes: 65_536 }).plan.stages[0],
    ).toMatchObject({
      workers: 1,
      why: expect.stringMatching(/“e” takes its records in order, from one place, by a queue of its own/),
    })
  })
})

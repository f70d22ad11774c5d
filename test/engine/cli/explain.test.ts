/** `weir run --explain`: the plan of every example, as people and as programs read it. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainPlan } from '../../../engine/cli/explain.ts'
import type { ExplainedPlan } from '../../../engine/cli/explain.ts'
import { weir } from './weir.ts'

const examples = join(import.meta.dirname, '../../../examples')
const names = readdirSync(examples).filter((name) => name.endsWith('.weir.json'))
const LIMITS = ['--workers', '2', '--memory', '256MB']

describe('every example', () => {
  it.each(names)('%s', async (name) => {
    const { status, out, err } = await weir(['run', join(examples, name), '--explain', ...LIMITS], examples)
    expect([status, err]).toEqual([0, ''])
    expect(out).toMatchSnapshot()
  })

  it.each(names)('%s as JSON has each node once, in a stage of its own tier', async (name) => {
    const { out } = await weir(['run', join(examples, name), '--explain', '--json', ...LIMITS], examples)
    const { nodes, stages, workers, memoryMb } = JSON.parse(out) as ExplainedPlan
    expect([workers, memoryMb]).toEqual([2, 256])
    expect(stages.flatMap((stage) => stage.nodes).toSorted()).toEqual(nodes.map(({ id }) => id).toSorted())
    for (const { id, stage, tier } of nodes) {
      expect(stages[stage]!.nodes).toContain(id)
      expect(stages[stage]!.tier).toBe(tier)
    }
  })
})

describe('a flow of one’s own', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-explain-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is not run, and its own limits hold where the command line gives none', async () => {
    await writeFile(join(folder, 'in.txt'), 'a\nb\n')
    const flow = {
      weir: 1,
      name: 'Copy',
      run: { workers: 3, memoryMb: 64 },
      nodes: {
        read: { type: 'file', config: { path: 'in.txt', format: 'lines' } },
        write: { type: 'write-file', config: { path: 'out.ndjson' } },
      },
      edges: [{ from: 'read.out', to: 'write.in', capacity: { records: 20, bytes: 2048 } }],
      layout: {},
    }
    await writeFile(join(folder, 'f.weir.json'), JSON.stringify(flow))
    const { status, out } = await weir(['run', 'f.weir.json', '--explain'], folder)
    expect(status).toBe(0)
    expect(out).toContain('at most 3 workers, 64 MB')
    expect(out).toContain('reads in.txt, 4 B')
    expect(out).toContain('→ write (stage 2): a queue of at most 20 records or 2.05 kB')
    expect(out).toContain('writes out.ndjson\n')
    expect(readdirSync(folder).toSorted()).toEqual(['f.weir.json', 'in.txt'])
    expect((await weir(['run', 'f.weir.json', '--explain', '--workers', '1'], folder)).out).toContain(
      'at most 1 worker, 64 MB',
    )
  })

  it('--json without --explain is a mistake, and nothing is run', async () => {
    const { status, err } = await weir(['run', 'none.weir.json', '--json'], folder)
    expect(status).toBe(2)
    expect(err).toContain('--json belongs to --explain.')
  })
})

it('says what is merged, what is handed over, and by which port records leave', () => {
  const node = (id: string, type: string, stage: number, tier: 'kernel' | 'row') => ({
    id,
    type,
    kind: 'processor' as const,
    stage,
    tier,
  })
  const edge = (from: string, port: string, to: string, direct: boolean) => ({
    id: `${from}.${port}->${to}.in`,
    from: { node: from, port },
    to: { node: to, port: 'in' },
    direct,
    capacity: { records: 10_000, bytes: 16_000_000 },
  })
  const plan: ExplainedPlan = {
    name: 'Many',
    workers: 4,
    memoryMb: 1024,
    nodes: [
      node('log', 'file', 0, 'kernel'),
      node('count', 'group', 0, 'kernel'),
      node('top', 'top', 1, 'row'),
      node('bad', 'discard', 2, 'row'),
    ],
    edges: [
      edge('log', 'out', 'count', true),
      edge('count', 'out', 'top', true),
      edge('log', 'error', 'bad', false),
    ],
    stages: [
      { nodes: ['log', 'count'], tier: 'kernel', workers: 4, why: 'each of 4 workers scans a share' },
      { nodes: ['top'], tier: 'row', workers: 1, why: '' },
      { nodes: ['bad'], tier: 'row', workers: 1, why: 'a queue.' },
    ],
    files: [{ node: 'log', path: 'big/*.log', writes: false, bytes: null }],
  }
  expect(explainPlan(plan)).toBe(
    [
      'Many: 3 stages, at most 4 workers, 1,024 MB for what nodes hold (the rest goes to disk)',
      '',
      '1  kernel, 4 workers',
      '   Each of 4 workers scans a share.',
      '     log    file     reads big/*.log',
      '                     error → bad (stage 3): a queue of at most 10,000 records or 16.0 MB',
      '     count  group    → top (stage 2): merged from 4 workers',
      '',
      '2  row, 1 worker',
      '     top    top',
      '',
      '3  row, 1 worker',
      '   A queue.',
      '     bad    discard',
      '',
    ].join('\n'),
  )
})

/** What a stop does to what is held, and to what is in the middle of a batch. */
import { afterEach, describe, expect, it } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import type { Run } from '../../../engine/runtime/run.ts'
import { LOOKS } from '../../../engine/runtime/looks.ts'
import { flowOf, metersOf, startTestRun } from '../run-flow.ts'

const MANY = 50_000
const turn = () => new Promise((resolve) => setImmediate(resolve))

const sums = (run: Run, id: string) => {
  const [came, out, dropped] = (['in', 'out', 'dropped'] as const).map((name) => metersOf(run, id).get(name))
  return { came, out, dropped }
}

/** Starts the flow and stops it when `node` has taken in so many records. */
async function stopped(flow: ReturnType<typeof flowOf>, node: string, finishMs: number) {
  const run = startTestRun(flow, nodeTypes, { finishMs })
  while (metersOf(run, node).get('in') < MANY) await turn()
  run.stop()
  return { run, outcome: await run.ended }
}

describe('a fold of a stopped run', () => {
  const sorted = flowOf({ n: ['range', { to: 1e12 }], s: ['sort'], t: ['table'] }, [
    'n.out -> s.in',
    's.out -> t.in',
  ])
  const grouped = flowOf(
    {
      n: ['range', { to: 1e12 }],
      m: ['map', { value: '({ k: record })' }],
      g: ['group', { by: ['k'] }],
      t: ['table'],
    },
    ['n.out -> m.in', 'm.out -> g.in', 'g.out -> t.in'],
  )

  it('sends all that it holds, where there is time', async () => {
    const { run, outcome } = await stopped(sorted, 's', Infinity)
    expect(outcome).toEqual({ phase: 'stopped' })
    const { came, out, dropped } = sums(run, 's')
    expect(out).toBe(came)
    expect(dropped).toBe(0)
    expect(metersOf(run, 't').get('in')).toBe(came)
  })

  it('drops and counts the records that it has not sent in time, and says so', async () => {
    const { run, outcome } = await stopped(sorted, 's', 0)
    const { came, out, dropped } = sums(run, 's')
    expect(dropped).toBeGreaterThan(0)
    expect(out! + dropped!).toBe(came)
    expect(metersOf(run, 't').get('in')).toBe(out)
    expect(outcome).toEqual({ phase: 'stopped', cutShort: [{ node: 's', records: dropped }] })
  })

  it('counts its time from the stop, also where the run hears of that late', async () => {
    const run = startTestRun(sorted, nodeTypes, { finishMs: 60_000 })
    while (metersOf(run, 's').get('in') < 20 * MANY) await turn()
    run.meters.askStop(performance.timeOrigin + performance.now() - 120_000)
    run.stop()
    const outcome = await run.ended
    expect(outcome).toMatchObject({ phase: 'stopped', cutShort: [{ node: 's' }] })
  })

  it('says that it has not sent all where nobody can tell how many records that are', async () => {
    const { run, outcome } = await stopped(grouped, 'g', 0)
    expect(sums(run, 'g').out).toBeLessThan(MANY)
    expect(outcome).toEqual({ phase: 'stopped', cutShort: [{ node: 'g' }] })
  })
})

describe('code that is slow about a batch', () => {
  const probe = globalThis as { weirProbe?: (record: unknown) => unknown }
  afterEach(() => void delete probe.weirProbe)

  const code = 'globalThis.weirProbe(record)'
  it.each([
    ['an expression in a loop of its own', ['map', { value: code }], LOOKS],
    ['a script', ['script', { body: `return ${code}` }], LOOKS],
    [
      'an expression in a loop with others',
      ['map', { value: code }],
      { first: { batches: 0, records: 0, ms: 0 }, everyMs: 1e9 },
    ],
  ] as const)('%s ends in the middle of it', async (_, [type, config], looks) => {
    const flow = flowOf(
      {
        n: ['range', { to: 1e12 }],
        a: ['map', { value: 'record + 1' }],
        m: [type, config],
        b: ['map', { value: 'record + 1' }],
        t: ['table'],
      },
      ['n.out -> a.in', 'a.out -> m.in', 'm.out -> b.in', 'b.out -> t.in'],
    )
    const run = startTestRun(flow, nodeTypes, { looks })
    const asked = 5 * 1024 + 100
    let calls = 0
    probe.weirProbe = (record) => {
      calls++
      // As the host does, from another thread.
      if (calls === asked) run.meters.askStop()
      if (calls > asked) throw new Error('called after the stop')
      return record
    }
    while (calls < asked) await turn()
    run.stop()
    expect(await run.ended).toEqual({ phase: 'stopped' })
    expect(calls).toBe(asked)
    for (const id of ['a', 'm', 'b']) {
      const { came, out, dropped } = sums(run, id)
      expect(out! + dropped!, id).toBe(came)
    }
    expect(sums(run, 'b').out).toBe(asked)
  })

  it('is a stopped run also where the source has ended by itself meanwhile', async () => {
    const flow = flowOf({ n: ['range', { to: 500 }], m: ['map', { value: code }], t: ['table'] }, [
      'n.out -> m.in',
      'm.out -> t.in',
    ])
    const run = startTestRun(flow, nodeTypes)
    probe.weirProbe = (record) => {
      if (record === 100) run.meters.askStop()
      return record
    }
    expect(await run.ended).toEqual({ phase: 'stopped' })
    expect(sums(run, 'm')).toEqual({ came: 500, out: 100, dropped: 400 })
  })
})

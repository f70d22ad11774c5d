/** A thread that gives no sign: its node is named once, and only where it is the thread that is silent. */
import { afterEach, describe, expect, it } from 'vitest'
import { planWork } from '../../../engine/plan/plan.ts'
import { ThreadWatch } from '../../../engine/host/thread-watch.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { MeterPages } from '../../../engine/runtime/meter.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { flowOf, startTestRun } from '../run-flow.ts'

const flow = flowOf(
  { n: ['range', { to: 30_000 }], m: ['map', { value: 'Math.abs(record)' }], d: ['discard'] },
  ['n.out -> m.in', 'm.out -> d.in'],
)
const { plan } = planWork(flow, createRegistry(nodeTypes), {})
let watch: ThreadWatch | undefined
afterEach(() => watch?.end())

function watched(parts = 2) {
  const meters = new MeterPages(plan, parts)
  const warned: string[] = []
  watch = new ThreadWatch(meters.pages, plan, (node) => warned.push(node))
  return { pages: meters.pages, warned, watch, start: performance.now() }
}

describe('the watch over threads', () => {
  it('names the node once when its thread is silent for five seconds', () => {
    const { pages, warned, watch, start } = watched()
    pages[0]!.node(0).runs()
    pages[2]!.node(1).runs()
    for (let s = 1; s <= 8; s++) {
      pages[0]!.beat()
      watch.check(start + s * 1000)
      expect(warned).toEqual(s < 6 ? warned.slice(0, 1) : ['m'])
    }
    pages[2]!.beat()
    for (let s = 9; s <= 16; s++) {
      pages[0]!.beat()
      watch.check(start + s * 1000)
    }
    expect(warned).toEqual(['m', 'm'])
  })

  it('names what the first share runs, and not what waits for it in the same thread', () => {
    const { pages, warned, watch, start } = watched()
    pages[0]!.node(2).runs()
    pages[1]!.node(1).runs()
    for (let s = 1; s <= 8; s++) watch.check(start + s * 1000)
    expect(warned).toEqual(['m'])
    expect(watch.runningOn([0])).toEqual(['m'])
    // The share is done.
    pages[1]!.idle()
    expect(watch.runningOn([0])).toEqual(['d'])
  })

  it('says nothing of a thread that has not begun, nor after a sleep of its own', () => {
    const { pages, warned, watch, start } = watched()
    for (let s = 1; s <= 8; s++) watch.check(start + s * 1000)
    expect(warned).toEqual([])
    pages[0]!.node(0).runs()
    pages[0]!.beat()
    watch.check(start + 9000)
    watch.check(start + 60_000)
    expect(warned).toEqual([])
  })

  it('names the node whose code a thread runs, and none of the other threads', () => {
    const { pages, watch } = watched()
    pages[0]!.node(0).runs()
    pages[2]!.node(1).runs()
    expect(watch.runningOn([1])).toEqual(['m'])
    expect(watch.runningOn([0, 1])).toEqual(['n', 'm'])
    expect(watch.runningOn([])).toEqual([])
  })

  it('learns from a run whose code runs, alone and in a loop with others', async () => {
    const registry = { looks: { first: { batches: 2, records: 0, ms: 0 }, everyMs: 1e9 } }
    const seen = new Set<number | undefined>()
    const calling = flowOf(
      {
        n: ['range', { to: 30_000 }],
        p: ['map', { value: 'record + 1' }],
        m: ['map', { value: 'globalThis.weirProbe?.(record) ?? record' }],
        q: ['map', { value: 'record + 1' }],
        d: ['discard'],
      },
      ['n.out -> p.in', 'p.out -> m.in', 'm.out -> q.in', 'q.out -> d.in'],
    )
    const run = startTestRun(calling, nodeTypes, registry)
    const probe = globalThis as { weirProbe?: (record: unknown) => unknown }
    probe.weirProbe = (record) => {
      seen.add(run.meters.runs)
      return record
    }
    expect(await run.ended).toEqual({ phase: 'done' })
    delete probe.weirProbe
    expect([...seen].map((index) => run.plan.nodes[index!]!.id)).toEqual(['m'])
  })
})

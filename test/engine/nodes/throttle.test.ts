/** Throttle: when each record leaves, in virtual time. */
import { expect, test } from 'vitest'
import { throttle } from '../../../engine/nodes/processors/throttle.ts'
import { virtualClock } from '../../../engine/runtime/clock.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { metersOf } from '../run-flow.ts'
import { runOneNode, settle, startOneNode } from '../one-node.ts'

/** Times at which batches leave, with their lengths. */
async function departures(config: Record<string, unknown>, batches: Batch[], pauseMs = 0) {
  const clock = virtualClock()
  const times: number[] = []
  const { out } = await runOneNode(throttle, {
    config,
    clock,
    pauseMs,
    input: { in: batches },
    gate: () => void times.push(clock.now()),
  })
  expect(out['out']).toEqual(batches.flat())
  return times
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

test('at 10 a second every record leaves at its time, also out of one batch', async () => {
  expect(await departures({ rate: 10 }, [numbers(5)])).toEqual([0, 100, 200, 300, 400])
  expect(await departures({ rate: 10 }, [[1, 2], [3]])).toEqual([0, 100, 200])
})

test('a slow source is not slowed down further, and saves no more than the burst', async () => {
  expect(await departures({ rate: 10 }, [[1], [2], [3, 4]], 250)).toEqual([0, 250, 500, 600])
  expect(await departures({ rate: 10, burst: 2 }, [[1], [2], [3, 4, 5]], 1000)).toEqual([0, 1000, 2000, 2100])
})

test('the rate holds over many records, low and high', async () => {
  for (const [rate, count] of [
    [7, 71],
    [999, 2000],
    [1_000_000, 100_000],
  ] as const) {
    const batches = Array.from({ length: Math.ceil(count / 1000) }, (_, i) =>
      numbers(count).slice(i * 1000, i * 1000 + 1000),
    )
    const times = await departures({ rate }, batches)
    const due = ((count - 1) / rate) * 1000
    expect(times.at(-1)).toBeGreaterThanOrEqual(due - 0.001)
    expect(times.at(-1)).toBeLessThanOrEqual(due + 1.001)
  }
})

test('at a high rate records leave together instead of one timer each', async () => {
  const times = await departures({ rate: 1_000_000 }, [numbers(1000), numbers(1000)])
  expect(times.length).toBeLessThan(8)
})

test('a reader that stalls gets a burst afterwards, not everything that it missed', async () => {
  const clock = virtualClock()
  const times: number[] = []
  let stall = true
  const gate = async () => {
    times.push(clock.now())
    if (stall) await clock.sleep(10_000)
    stall = false
  }
  const config = { rate: 10, burst: 2 }
  await runOneNode(throttle, { config, clock, capacity: 2, input: { in: [numbers(9)] }, gate })
  // After the stall a burst may leave at once, and the rest at the rate.
  expect(times.filter((time) => time < 10_000)).toEqual([0])
  expect(times.at(-1)).toBeGreaterThanOrEqual(10_200)
})

test('holds back its source while it waits, and a stop ends its wait', async () => {
  function* endless(): Generator<Batch> {
    for (;;) yield numbers(100)
  }
  const { run, clock } = startOneNode(throttle, {
    config: { rate: 0.001 },
    capacity: 500,
    input: { in: endless() },
  })
  await settle()
  expect(metersOf(run, 'from-test-in').get('out')).toBeLessThanOrEqual(700)
  run.stop()
  expect(await run.ended).toEqual({ phase: 'stopped' })
  expect(clock.pending).toBe(0)
})

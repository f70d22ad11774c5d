/** Take: how it ends what comes before it. */
import { expect, test } from 'vitest'
import { take } from '../../../engine/nodes/processors/take.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { metersOf } from '../run-flow.ts'
import { runOneNode } from '../one-node.ts'

function* endless(): Generator<Batch> {
  for (let from = 0; ; from += 10) yield Array.from({ length: 10 }, (_, i) => from + i)
}

test('ends an endless source, in one loop with it and across a queue', async () => {
  for (const capacity of [undefined, 25]) {
    const { run, out, outcome } = await runOneNode(take, {
      config: { n: 15, skip: 8 },
      input: { in: endless() },
      capacity,
    })
    expect(outcome).toEqual({ phase: 'done' })
    expect(out['out']).toEqual(Array.from({ length: 15 }, (_, i) => i + 8))
    expect(metersOf(run, 'from-test-in').get('out')).toBeLessThan(100)
  }
})

test('gives no more than asked for when one batch holds more', async () => {
  const { out } = await runOneNode(take, { config: { n: 1 }, input: { in: [[1, 2, 3], [4]] } })
  expect(out).toEqual({ out: [1] })
})

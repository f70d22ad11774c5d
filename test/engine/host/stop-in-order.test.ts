/** What a stop says of a run that does not end as it should. */
import { expect, it } from 'vitest'
import { stopInOrder, type StoppedRun } from '../../../engine/host/stop-in-order.ts'

it('does not wait for the answer of a thread that has died: the run has ended with it', async () => {
  let looks = 0
  const run = {
    threads: { stop: () => [Promise.resolve(), Promise.reject(new Error('[birpc] rpc is closed'))] },
    meters: { askStop: () => {} },
    watch: {
      runningOn: () => {
        looks++
        return []
      },
    },
    plan: { nodes: [], edges: [], stages: [] },
    ended: Promise.resolve(),
  } as unknown as StoppedRun
  expect(await stopInOrder(run)).toBeUndefined()
  expect(looks).toBe(0)
})

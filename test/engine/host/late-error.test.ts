/** Code that leaves a timer behind which fails when the run is over: its rows stay, and somebody is told. */
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { startRun } from '../../../engine/host/run-host.ts'
import { flowOf } from '../run-flow.ts'

it('an error behind the end of a run leaves its rows and taps as they are', async () => {
  const flow = flowOf(
    {
      r: ['range', { to: 5 }],
      m: ['map', { value: 'record === 3 && setTimeout(() => { throw new Error("too late") }, 500), record' }],
      t: ['table'],
    },
    ['r.out -> m.in', 'm.out -> t.in'],
  )
  const run = await new Promise<ReturnType<typeof startRun>>((resolve) => {
    const handle = startRun({
      flow,
      baseDir: tmpdir(),
      workerUrl: new URL('../../../dist/engine/worker.js', import.meta.url),
      log: ([line]) => line!.text.includes('too late') && resolve(handle),
      changed: ({ phase }) => phase === 'failed' && resolve(handle),
    })
  })
  expect(run.state.phase).toBe('done')
  expect(await run.rows('t', 0, 10)).toMatchObject({ total: 5 })
  expect(await run.tap('m.out->t.in', 5)).toMatchObject({ total: 5 })
  await run.dispose()
})

/**
 * What code writes to its console just before the end of a run: a thread sends the next line when the one before has
 * been taken, and was ended before that.
 */
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { startRun } from '../../engine/host/run-host.ts'
import { flowOf } from '../engine/run-flow.ts'

/** A range of so many is worth a second worker. */
const MANY = 20_000_000

it.each([
  [1, 3, 'discard'],
  [2, MANY, 'group'],
])('with %i workers, all lines have come when the run has ended', async (workers, records, end) => {
  // Lines wait in their thread until the code has come back.
  const wait = 'for (const end = performance.now() + 20; performance.now() < end;);'
  const value = `(() => { if (record > ${records - 3}) { console.log("saw", record); ${wait} } return record })()`
  const flow = flowOf({ numbers: ['range', { to: records }], talk: ['map', { value }], end: [end] }, [
    'numbers.out -> talk.in',
    'talk.out -> end.in',
  ])
  for (let round = 0; round < 6; round++) {
    const lines: string[] = []
    const run = startRun({
      flow,
      baseDir: tmpdir(),
      workers,
      workerUrl: new URL('../../dist/engine/worker.js', import.meta.url),
      log: (logged) => lines.push(...logged.flatMap(({ text }) => text.split('\n'))),
    })
    expect(await run.ended).toMatchObject({ phase: 'done' })
    const atEnd = [...lines]
    await run.dispose()
    expect(run.state.plan.stages[0]!.workers).toBe(workers)
    expect(atEnd).toEqual([records - 2, records - 1, records].map((record) => `saw ${record}`))
  }
})

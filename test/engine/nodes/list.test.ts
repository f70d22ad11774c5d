/** The `list` generator. */
import { expect, test } from 'vitest'
import { list } from '../../../engine/nodes/generators/list.ts'
import { runNode } from '../fake-context.ts'
import { testExamples } from './examples.ts'

testExamples(list)

test('list sends long lists in batches of at most 1024 and tells how far it is', async () => {
  const records = Array.from({ length: 2500 }, (_, i) => i)
  const run = await runNode(list, { config: { records } })
  expect(run.batches.map((batch) => batch.length)).toEqual([1024, 1024, 452])
  expect(run.out['out']).toEqual(records)
  expect(run.progress.at(-1)).toEqual([2500, 2500])
})

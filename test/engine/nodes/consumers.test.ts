/** The consumers `table`, `print` and `discard`. */
import { expect, test } from 'vitest'
import { discard } from '../../../engine/nodes/consumers/discard.ts'
import { print } from '../../../engine/nodes/consumers/print.ts'
import { table } from '../../../engine/nodes/consumers/table.ts'
import { runNode } from '../fake-context.ts'
import { testExamples } from './examples.ts'

for (const type of [table, print, discard]) testExamples(type)

test('table keeps 100 000 rows and the newest 1000 unless told otherwise', () => {
  expect(table.config.parse({})).toEqual({ limit: 100_000, last: 1000 })
})

test('print shows as text what JSON cannot hold, and never fails', async () => {
  const circle: Record<string, unknown> = { name: 'ring' }
  circle['self'] = circle
  const run = await runNode(print, { input: [[1n, undefined, circle, 'end']] })
  expect(run.thrown).toBeUndefined()
  expect(run.printed).toBe("1n\nundefined\n<ref *1> { name: 'ring', self: [Circular *1] }\nend\n")
})

test('print as NDJSON refuses what JSON cannot hold and prints the rest', async () => {
  const run = await runNode(print, { config: { format: 'ndjson' }, input: [[1], [undefined, 'a\nb']] })
  expect(run.printed).toBe('1\n"a\\nb"\n')
  expect(run.errors).toEqual([
    {
      reason: 'The record cannot be written as JSON: it is undefined.',
      node: 'print',
      record: undefined,
      number: 2,
    },
  ])
})

test('discard takes all of its input', async () => {
  let given = 0
  const run = await runNode(discard, {
    input: (async function* () {
      for (; given < 5; given++) yield [given]
    })(),
  })
  expect(given).toBe(5)
  expect(run.out).toEqual({})
})

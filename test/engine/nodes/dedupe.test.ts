/** `dedupe` against DuckDB, in memory and on disk. */
import { join as joinPath } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { file } from '../../../engine/nodes/generators/file.ts'
import { dedupe } from '../../../engine/nodes/processors/dedupe.ts'
import type { DataRecord } from '../../../engine/spec/node.ts'
import { duck, rowsOf } from '../duck.ts'
import { runNode } from '../fake-context.ts'
import { anyRecord } from '../spill/any-record.ts'
import { littleMemory } from '../spill/little-memory.ts'

const run = (records: DataRecord[], config: object = {}, memory = littleMemory(Infinity)) =>
  runNode(dedupe, { config: { ...config }, input: records.map((record) => [record]), memory })

test('on disk keeps the records that it keeps in memory, in the same order, and drops the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { maxLength: 60 }), async (some) => {
      const records = [...some, ...some, ...some.slice(0, 5)]
      const expected = await run(records)
      for (const bytes of [2000, 10_000]) {
        const memory = littleMemory(bytes)
        const { out, errors, thrown } = await run(records, {}, memory)
        expect(thrown).toBeUndefined()
        expect(out['out']).toEqual(expected.out['out'])
        expect(errors).toEqual(expected.errors)
        expect(out['duplicates']?.length).toBe(expected.out['duplicates']?.length)
        expect(memory.files()).toEqual([])
      }
    }),
    { seed: 8, numRuns: 60 },
  )
})

test('many more keys than memory holds', async () => {
  const records = Array.from({ length: 30_000 }, (_, i) => ({ id: (i * 7919) % 9001, i }))
  const memory = littleMemory(100_000)
  const { out } = await run(records, { by: ['id'] }, memory)
  expect(memory.onDisk).toBe(true)
  expect(out['out']).toEqual(records.slice(0, 9001))
  expect(out['duplicates']).toHaveLength(30_000 - 9001)
  expect(memory.files()).toEqual([])
})

test('real data: the first flight of each route, as DuckDB finds it', async () => {
  const data = joinPath(import.meta.dirname, '../../../node_modules/vega-datasets/data')
  const db = await duck()
  const expected = await rowsOf(
    db,
    `SELECT origin, min_by(destination, n) AS destination FROM
       (SELECT *, row_number() OVER () AS n FROM read_json('${data}/flights-2k.json'))
     GROUP BY origin ORDER BY min(n)`,
  )
  const read = await runNode(file, { folder: data, config: { path: 'flights-2k.json', format: 'lines' } })
  const flights = JSON.parse((read.out['out'] as string[]).join('\n')) as Record<string, unknown>[]
  for (const memory of [littleMemory(Infinity), littleMemory(2000)]) {
    const { out } = await run(flights, { by: ['origin'] }, memory)
    const first = (out['out'] as Record<string, unknown>[]).map(({ origin, destination }) => ({
      origin,
      destination,
    }))
    expect(first).toEqual(expected)
  }
})

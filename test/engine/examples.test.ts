/** The bundled flows: each is as Weir writes it, has no problems, and gives the right answer. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFlow } from '../../engine/flow/read.ts'
import { writeFlow } from '../../engine/flow/write.ts'
import { nodeTypes } from '../../engine/nodes/index.ts'
import { createRegistry } from '../../engine/spec/registry.ts'
import { startTestRun, testIo } from './run-flow.ts'

const folder = join(import.meta.dirname, '../../examples')
const registry = createRegistry(nodeTypes)
const textOf = (name: string) => readFileSync(join(folder, `${name}.weir.json`), 'utf8')
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.weir.json'))
  .map((name) => name.replace('.weir.json', ''))

/** Rows of the flow's table `out`. */
async function rowsOf(name: string): Promise<unknown[]> {
  const { flow } = readFlow(textOf(name), registry)
  const run = startTestRun(flow!, nodeTypes, { io: testIo(folder) })
  expect(await run.ended).toEqual({ phase: 'done' })
  return run.rows('out')!.slice(0, 1000)
}

const requestsIn = (file: string) =>
  readFileSync(join(folder, 'data', file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map((words) => ({ host: words[0]!, path: words[6]!, status: Number(words[8]) }))

/** Groups of values with equal keys, the largest first; of equal ones the one seen first. */
function countBy<Value>(values: readonly Value[], key: (value: Value) => unknown): [unknown, Value[]][] {
  const groups = new Map<unknown, Value[]>()
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value])
  return [...groups].sort((a, b) => b[1].length - a[1].length)
}

describe.each(names)('the example %s', (name) => {
  it('has no problems', () => {
    expect(readFlow(textOf(name), registry).problems).toEqual([])
  })

  it('is exactly what saving it writes', () => {
    expect(writeFlow(readFlow(textOf(name), registry).flow!, registry)).toBe(textOf(name))
  })

  it('has a place for every node, apart from each other', () => {
    const { nodes, layout } = readFlow(textOf(name), registry).flow!
    expect(Object.keys(layout)).toEqual(Object.keys(nodes))
    const places = Object.values(layout)
    for (const [i, [x, y]] of places.entries()) {
      for (const [otherX, otherY] of places.slice(i + 1)) {
        expect(Math.abs(x - otherX) >= 200 || Math.abs(y - otherY) >= 80).toBe(true)
      }
    }
  })
})

describe('the answer of', () => {
  it('squares is the squares of one to four', async () => {
    expect(await rowsOf('squares')).toEqual([1, 4, 9, 16])
  })

  it('top-pages is the five most requested pages', async () => {
    const pages = countBy(requestsIn('access-a.log'), ({ path }) => path)
    expect(await rowsOf('top-pages')).toEqual(
      pages.slice(0, 5).map(([path, hits]) => ({ path, hits: hits.length })),
    )
  })

  it('two-logs is requests and visitors by status over both servers', async () => {
    const both = [...requestsIn('access-a.log'), ...requestsIn('access-b.log')]
    const expected = countBy(both, ({ status }) => status).map(([status, found]) => ({
      status,
      requests: found.length,
      visitors: new Set(found.map(({ host }) => host)).size,
    }))
    const rows = await rowsOf('two-logs')
    expect(rows).toHaveLength(expected.length)
    expect(rows).toEqual(expect.arrayContaining(expected))
    expect(rows.map((row) => (row as { requests: number }).requests)).toEqual(
      expected.map((row) => row.requests),
    )
  })

  it('flights is the ten destinations with most late flights and their average delay', async () => {
    const file = join(folder, '../node_modules/vega-datasets/data/flights-20k.json')
    const all = JSON.parse(readFileSync(file, 'utf8')) as { destination: string; delay: number }[]
    const late = countBy(
      all.filter(({ delay }) => delay > 15),
      ({ destination }) => destination,
    )
    const expected = late.slice(0, 10).map(([destination, found]) => ({
      destination,
      flights: found.length,
      averageDelay: expect.closeTo(
        found.reduce((sum, { delay }) => sum + delay, 0) / found.length,
        9,
      ) as number,
    }))
    expect(await rowsOf('flights')).toEqual(expected)
  })
})

/** Groups in the kernel tier: keys of all kinds, sums without rounding, many groups, and tables that are merged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowOf } from '../run-flow.ts'
import { kernelRun, rowRun } from './both-tiers.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-groups-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** JSON texts of keys; several of them mean the same. */
const key = fc
  .constantFrom(
    '1 1.0 "1" 0 -0 0.0 null true false "true" "" "a" "\\u0061" "\\ud800" "ü" "\\u00fc" [1,2] [1,\t2]'.split(
      ' ',
    ),
    '{"a":1,"b":2} {"b":2,"a":1} [] {} 1e400 9007199254740993'.split(' '),
  )
  .chain((texts) => fc.constantFrom(...texts))
const ODD_NUMBERS =
  '9007199254740991 9007199254740993 -9007199254740992 72057594037927936 123456789012345678901 ' +
  '0.1 0.2 -0.3 1e16 1e-16 -0 5e-324 1e300 null'
const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1000, max: 1000 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(String),
  },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_NUMBERS.split(' ')) },
  { weight: 1, arbitrary: fc.constantFrom('"7"', 'true', '[]', '"x"') },
)
const line = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(key, key, number, number)
      .map(([a, b, v, w]) => `{"a":${a},"b":${b},"v":${v},"w":${w}}`),
  },
  { weight: 1, arbitrary: key.map((a) => `{"a":${a}}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '   ', '42', '{"a":', 'null', '{"a":1,"a":2}', '[]', '{"__proto__":1}'),
  },
)

/** The few groups that come first by a field, behind the groups themselves. */
const topFlow = (by: string, n: number, order: string) => {
  const flow = flowFor(['a', 'b'])
  flow.nodes['top'] = { type: 'top', config: { by, n, order } }
  flow.edges = flow.edges.filter(({ from }) => from !== 'group.out')
  flow.edges.push({ from: 'group.out', to: 'top.in' }, { from: 'top.out', to: 'out.in' })
  return flow
}

const flowFor = (by: string[]) =>
  flowOf(
    {
      file: ['file', { path: 'x.ndjson' }],
      group: [
        'group',
        {
          by,
          aggregates: [
            { as: 'n', fn: 'count' },
            { as: 'sum', fn: 'sum', field: 'v' },
            { as: 'mean', fn: 'avg', field: 'v' },
            { as: 'least', fn: 'min', field: 'w' },
            { as: 'most', fn: 'max', field: 'w' },
          ],
        },
      ],
      out: ['table', { limit: 2_000_000 }],
      bad: ['table', { limit: 2_000_000 }],
      refused: ['table', { limit: 2_000_000 }],
    },
    ['file.out -> group.in', 'group.out -> out.in', 'file.error -> bad.in', 'group.error -> refused.in'],
  )

describe('groups', () => {
  it('are those of the row tier, whatever is in the records', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 150 }),
        fc.subarray(['a', 'b', 'none']),
        fc.record({
          workers: fc.integer({ min: 1, max: 5 }),
          blockBytes: fc.integer({ min: 100, max: 5000 }),
          rowLimit: fc.integer({ min: 1, max: 60 }),
        }),
        async (lines, by, sizes) => {
          writeFileSync(join(folder, 'x.ndjson'), `${lines.join('\n')}\n`)
          expect(await kernelRun(flowFor(by), folder, sizes)).toEqual(await rowRun(flowFor(by), folder))
        },
      ),
      { numRuns: 150, seed: 21 },
    )
  }, 120_000)

  it('are picked by top as in the row tier', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 100 }),
        fc.record({
          by: fc.constantFrom('n', 'sum', 'mean', 'least', 'most', 'a', 'nothing'),
          n: fc.integer({ min: 1, max: 12 }),
          order: fc.constantFrom('asc', 'desc'),
          workers: fc.integer({ min: 1, max: 3 }),
        }),
        async (lines, { by, n, order, workers }) => {
          writeFileSync(join(folder, 'x.ndjson'), `${lines.join('\n')}\n`)
          const flow = topFlow(by, n, order)
          expect(await kernelRun(flow, folder, { workers })).toEqual(await rowRun(flow, folder))
        },
      ),
      { numRuns: 100, seed: 22 },
    )
  }, 120_000)

  it.each([
    ['n', 3, 'desc', 2],
    ['sum', 3, 'asc', 2],
    ['sum', 5000, 'desc', 1],
    ['most', 7, 'desc', 2],
  ] as const)(
    'are picked out of more than are looked at at once: by %s, %i, %s, %i workers',
    async (by, n, order, workers) => {
      const lines = Array.from(
        { length: 30_000 },
        (_, i) => `{"a":"${(i * 7919) % 10_007}","v":${(i * 31) % 977},"w":${i % 640}}`,
      )
      writeFileSync(join(folder, 'x.ndjson'), `${lines.join('\n')}\n`)
      const flow = topFlow(by, n, order)
      expect(await kernelRun(flow, folder, { workers, turnBytes: 100_000 })).toEqual(
        await rowRun(flow, folder),
      )
    },
  )

  it('may be many, and merge in the order in which they were first seen', async () => {
    const count = 60_000
    // Each key twice, the second time in another order, so that later parts meet keys of earlier ones.
    const keyAt = (i: number) => (i < count ? i : (i * 7919) % count)
    const lines = Array.from(
      { length: 2 * count },
      (_, i) => `{"a":"key ${keyAt(i)}","v":${i},"w":${i % 10}}`,
    )
    writeFileSync(join(folder, 'x.ndjson'), lines.join('\n'))
    const kernel = await kernelRun(flowFor(['a']), folder, { workers: 3 })
    expect(kernel.tables['out']!.length).toBe(count)
    expect(kernel).toEqual(await rowRun(flowFor(['a']), folder))
  }, 120_000)

  it('may be many where only their top is wanted: each worker finishes those of its own keys', async () => {
    const count = 20_000
    // Fractions are added up beside the kernel; ties are decided by who was seen first.
    const lines = Array.from(
      { length: 3 * count },
      (_, i) => `{"a":"key ${(i * 7919) % count}","b":[${i % 3}],"v":${(i % 7) / 10},"w":${i % 10}}`,
    )
    writeFileSync(join(folder, 'x.ndjson'), lines.join('\n'))
    for (const by of ['sum', 'n', 'w']) {
      const flow = topFlow(by, 100, 'desc')
      const expected = await rowRun(flow, folder)
      expect(expected.counts['top.in']).toBe(3 * count)
      expect(await kernelRun(flow, folder, { workers: 3, turnBytes: 100_000 })).toEqual(expected)
      expect(
        await kernelRun(flow, folder, { workers: 2, turnBytes: 100_000, groupBytes: 3_000_000 }),
      ).toEqual(expected)
    }
  }, 120_000)

  it('are told apart where their hashes or beginnings are the same', async () => {
    const texts = Array.from(
      { length: 3000 },
      (_, i) => 'x'.repeat(i % 300) + String.fromCharCode(97 + (i % 23)),
    )
    writeFileSync(join(folder, 'x.ndjson'), texts.map((text, i) => `{"a":"${text}","v":${i}}\n`).join(''))
    expect(await kernelRun(flowFor(['a']), folder, { workers: 2 })).toEqual(
      await rowRun(flowFor(['a']), folder),
    )
  })

  it('beyond the limit fail the node as in the row tier', async () => {
    writeFileSync(join(folder, 'x.ndjson'), Array.from({ length: 50 }, (_, i) => `{"a":${i}}\n`).join(''))
    const flow = flowFor(['a'])
    flow.nodes['group']!.config!['maxGroups'] = 40
    const [kernel, row] = [await kernelRun(flow, folder, { workers: 2 }), await rowRun(flow, folder)]
    expect(row.outcome.phase).toBe('failed')
    expect(kernel.outcome).toEqual(row.outcome)
  })

  it('are the same where they go to disk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 120 }),
        fc.subarray(['a', 'b', 'none'], { minLength: 1 }),
        fc.record({
          workers: fc.integer({ min: 1, max: 3 }),
          blockBytes: fc.integer({ min: 100, max: 3000 }),
          rowLimit: fc.integer({ min: 5, max: 60 }),
          // The first is below what any table takes, so that each task is a run of its own.
          groupBytes: fc.constantFrom(1, 2_000_000),
        }),
        async (lines, by, sizes) => {
          writeFileSync(join(folder, 'x.ndjson'), `${lines.join('\n')}\n`)
          expect(await kernelRun(flowFor(by), folder, sizes)).toEqual(await rowRun(flowFor(by), folder))
        },
      ),
      { numRuns: 60, seed: 23 },
    )
  }, 120_000)

  it('of disk are picked by top as in the row tier, with the same ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 100 }),
        fc.constantFrom('n', 'sum', 'least', 'a', 'nothing'),
        fc.integer({ min: 1, max: 12 }),
        async (lines, by, n) => {
          writeFileSync(join(folder, 'x.ndjson'), `${lines.join('\n')}\n`)
          const flow = topFlow(by, n, 'desc')
          const [kernel, row] = [
            await kernelRun(flow, folder, { workers: 2, rowLimit: 10, groupBytes: 1 }),
            await rowRun(flow, folder),
          ]
          expect(kernel).toEqual(row)
        },
      ),
      { numRuns: 50, seed: 24 },
    )
  }, 120_000)

  it('of disk may be many, in buckets that are divided again, some with keys larger than any room', async () => {
    const count = 30_000
    const keyAt = (i: number) => (i < count ? i : (i * 7919) % count)
    const lines = Array.from({ length: 2 * count }, (_, i) => {
      const key = keyAt(i)
      return `{"a":"${key % 10_000 === 7 ? 'long'.repeat(20_000) : 'key'} ${key}","v":${i / 4},"w":${i % 10}}`
    })
    writeFileSync(join(folder, 'x.ndjson'), lines.join('\n'))
    const sizes = { workers: 3, turnBytes: 200_000, groupBytes: 3_000_000 }
    const kernel = await kernelRun(flowFor(['a']), folder, sizes)
    expect(kernel.tables['out']!.length).toBe(count)
    expect(kernel).toEqual(await rowRun(flowFor(['a']), folder))
    const finer = await kernelRun(flowFor(['a']), folder, { ...sizes, groupBytes: 50_000 })
    expect(finer).toEqual(kernel)
  }, 120_000)

  it('of disk beyond the limit fail the node as in the row tier', async () => {
    writeFileSync(join(folder, 'x.ndjson'), Array.from({ length: 50 }, (_, i) => `{"a":${i}}\n`).join(''))
    const flow = flowFor(['a'])
    flow.nodes['group']!.config!['maxGroups'] = 40
    const kernel = await kernelRun(flow, folder, { workers: 2, rowLimit: 5, groupBytes: 1 })
    expect(kernel.outcome).toEqual((await rowRun(flow, folder)).outcome)
  })
})

/** CSV in the kernel tier gives what the row tier gives: groups, order, counts and errors, wherever it is cut. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { RowAssembler } from '../../../engine/formats/csv-row-assembler.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { registry } from '../runtime/shared-run.ts'
import { flowOf, testIo } from '../run-flow.ts'
import { kernelRun, rowRun } from './both-tiers.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-kernel-csv-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const VALUES = [
  '', '', '0', '-0', '007', '1e5', '1.50', '-12.5', '17', '17', '3', '12345678901234567890', '0.30000000000000004',
  'true', 'false', 'null', 'x', 'x', 'y', 'größe', 'a"b', ' 1', '"a"', '"1"', '"a,b;c"', '"a""b"', '"1""2"', '""',
  '"\u00fc""\u20ac"', 'x'.repeat(70),
] // prettier-ignore
const SPOILT = ['"a"b', '"a" ', '"', '"open', 'x\u0000y']
const BREAKS = ['"a\nb"', '"\n"', '"x\r\ny"', '"1,2\n3,4\n5,6"', '"""\n"""', '"\n\n\n"']

interface Sheet {
  content: Buffer
  config: { delimiter: string; header: boolean; types: string }
}

/** @param ends what a row may have behind it */
function sheets(values: readonly string[]): fc.Arbitrary<Sheet> {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 4, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.integer().map(String) },
  )
  const row = fc.oneof(
    { weight: 20, arbitrary: fc.array(value, { minLength: 3, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.array(value, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: fc.constant(['']) },
  )
  return fc
    .record({
      rows: fc.array(fc.tuple(row, fc.constantFrom('\n', '\n', '\r\n', '\r\r\n'), fc.integer({ max: 40 })), {
        maxLength: 60,
      }),
      mark: fc.constantFrom('', '', '\uFEFF'),
      head: fc.constantFrom(
        'a,b,c\n',
        'a,b,c\n',
        '"a","b",c\r\n',
        'a,"b\nb",c\n',
        '\n\r\na,b,c\n',
        'c,,a\n',
        '',
      ),
      ended: fc.boolean(),
      delimiter: fc.constantFrom(',', ',', ';', 'tab', 'auto'),
      header: fc.boolean(),
      types: fc.constantFrom('infer', 'infer', 'text'),
    })
    .map(({ rows, mark, head, ended, ...config }) => {
      const { delimiter } = config
      const sign = delimiter === 'tab' ? '\t' : delimiter === 'auto' ? ',' : delimiter
      const parts = rows.map(([fields, end, spoilt], i) => {
        const bytes = Buffer.from(fields.join(sign) + (i === rows.length - 1 && !ended ? '' : end))
        if (spoilt === 0 && bytes.length > 3) bytes[1] = 0xff
        return bytes
      })
      return { content: Buffer.concat([Buffer.from(mark + head.replaceAll(',', sign)), ...parts]), config }
    })
    .filter(({ content }) => content.length > 0)
}

const by = fc.constantFrom<string[]>(
  [],
  ['a'],
  ['column1'],
  ['b', 'c'],
  ['column2', 'nothing'],
  ['b\nb', 'a', 'c'],
)
const between = fc.constantFrom<[string, Record<string, unknown>, string][]>(
  [],
  [['filter', { condition: 'record.a === 17' }, 'kept']],
  [['filter', { condition: 'record.c > 4 || record.column1 === "x"' }, 'kept']],
  [['filter', { condition: 'record.a.length > 0' }, 'kept']],
  [
    ['select', { keep: ['a', 'b', 'c'] }, 'out'],
    ['filter', { condition: 'record.a !== null' }, 'kept'],
  ],
)

interface Drawn {
  by: string[]
  between: [string, Record<string, unknown>, string][]
  top: boolean
  errors: boolean
}

function flowFor(config: Record<string, unknown>, drawn: Drawn, path = 'rows.csv') {
  const nodes: Parameters<typeof flowOf>[0] = { rows: ['file', { path, format: 'csv', ...config }] }
  const wires: string[] = []
  let last = 'rows.out'
  drawn.between.forEach(([type, own, port], i) => {
    nodes[`n${i}`] = [type, own]
    wires.push(`${last} -> n${i}.in`)
    last = `n${i}.${port}`
  })
  const values = [
    { as: 'sum', fn: 'sum', field: 'c' },
    { as: 'mean', fn: 'avg', field: 'column3' },
    { as: 'least', fn: 'min', field: 'b' },
    { as: 'most', fn: 'max', field: 'a' },
  ]
  // Texts are summed nowhere, and compared better by the row tier.
  const aggregates = [{ as: 'n', fn: 'count' }, ...(config['types'] === 'text' ? [] : values)]
  nodes['group'] = ['group', { by: drawn.by, aggregates }]
  wires.push(`${last} -> group.in`)
  last = 'group.out'
  if (drawn.top) {
    nodes['top'] = ['top', { by: 'n', n: 3 }]
    wires.push('group.out -> top.in')
    last = 'top.out'
  }
  nodes['out'] = ['table', { limit: 1_000_000 }]
  wires.push(`${last} -> out.in`)
  if (drawn.errors) {
    for (const id of Object.keys(nodes).filter((node) => node !== 'out' && node !== 'top')) {
      nodes[`${id}-errors`] = ['table', { limit: 1_000_000 }]
      wires.push(`${id}.error -> ${id}-errors.in`)
    }
  }
  return flowOf(nodes, wires)
}

const sizes = fc.record({
  workers: fc.integer({ min: 1, max: 3 }),
  blockBytes: fc.integer({ min: 16, max: 3000 }),
  rowLimit: fc.integer({ min: 1, max: 50 }),
})
const drawn = fc.record({ by, between, top: fc.boolean() })

/** Both tiers, whatever comes of it. */
async function both({ content, config }: Sheet, how: Drawn, cut: Parameters<typeof kernelRun>[2]) {
  writeFileSync(join(folder, 'rows.csv'), content)
  const flow = flowFor(config, how)
  return { kernel: await kernelRun(flow, folder, cut), row: await rowRun(flow, folder) }
}

describe('CSV', () => {
  it.each([
    ['rows of one line', VALUES, 21],
    ['rows of several lines', BREAKS, 22],
    ['spoilt rows', SPOILT, 23],
    ['rows of all kinds', [...BREAKS, ...SPOILT], 24],
  ])(
    'gives the same in both tiers: %s',
    async (_, values, seed) => {
      let done = 0
      await fc.assert(
        fc.asyncProperty(sheets(values), drawn, sizes, async (sheet, how, cut) => {
          const { kernel, row } = await both(sheet, { ...how, errors: true }, cut)
          if (row.outcome.phase === 'done') {
            done++
            expect(kernel).toEqual(row)
          } else expect(kernel.outcome).toEqual(row.outcome)
        }),
        { numRuns: 150, seed },
      )
      expect(done).toBeGreaterThan(50)
    },
    240_000,
  )

  it('gives the same wherever a quoted line break is cut', async () => {
    const rows = [
      'a,b,c',
      '1,"x\ny",3',
      '"\n\n",2,3',
      '4,5,6',
      '"7\r\n8,""9""\n",x,1',
      '1,"',
      '2,3,4',
      '"5",6,"7\n"',
    ]
    const content = Buffer.from(rows.join('\n'))
    const flow = flowFor({}, { by: ['a', 'b'], between: [], top: false, errors: true })
    writeFileSync(join(folder, 'rows.csv'), content)
    const row = await rowRun(flow, folder)
    expect(row.tables['out']!.length).toBeGreaterThan(4)
    for (let at = 1; at < content.length; at++) {
      const kernel = await kernelRun(flow, folder, { workers: 2, blockBytes: 16 + (at % 20), cutAt: at })
      expect(kernel).toEqual(row)
    }
  }, 60_000)

  it('fails at the same record where no wire takes it', async () => {
    await fc.assert(
      fc.asyncProperty(sheets([...BREAKS, ...SPOILT]), drawn, sizes, async (sheet, how, cut) => {
        const { kernel, row } = await both(sheet, { ...how, errors: false }, { ...cut, rowLimit: 1 })
        expect(kernel.outcome.phase).toBe(row.outcome.phase)
        if (row.outcome.phase === 'done') expect(kernel).toEqual(row)
        // Nodes work on batches of different sizes, so of several refusals another one may be the first.
        else expect(kernel.outcome.error?.code).toBe(row.outcome.error?.code)
      }),
      { numRuns: 80, seed: 25 },
    )
  }, 120_000)

  it('is read by the scanner, but for its first row and what is cut', async () => {
    const row = '17,"x\r\ny",3\r\n1,2,3\r\n'
    writeFileSync(join(folder, 'rows.csv'), `a,b,c\r\n${row.repeat(1000)}`)
    const flow = flowFor({}, { by: ['a'], between: [], top: false, errors: true })
    const expected = await rowRun(flow, folder)
    const add = vi.spyOn(RowAssembler.prototype, 'add')
    try {
      expect(await kernelRun(flow, folder, { workers: 2 })).toEqual(expected)
      // Some rows are read once more, to be shown on the wires.
      expect(add.mock.calls.length).toBeLessThan(500)
    } finally {
      add.mockRestore()
    }
  })

  it('tells a line that is too long by its number', async () => {
    const long = 'x'.repeat(1100)
    for (const content of [
      `a,b\n1,2\n"\n\n",${long}\n`,
      `a,b\n${'1,2\n'.repeat(400)}${long},2\n`,
      `a,b\n1,"\n${long}`,
    ]) {
      writeFileSync(join(folder, 'rows.csv'), content)
      const flow = flowFor({ maxLineBytes: 1024 }, { by: ['a'], between: [], top: false, errors: true })
      const row = await rowRun(flow, folder)
      expect(row.outcome.phase).toBe('failed')
      for (const workers of [1, 2]) {
        for (const blockBytes of [100, 5000]) {
          const kernel = await kernelRun(flow, folder, { workers, blockBytes })
          expect(kernel.outcome).toEqual(row.outcome)
        }
      }
    }
  })

  it('is left to the row tier where files have headers of their own, or are packed', () => {
    const how: Drawn = { by: ['a'], between: [], top: false, errors: false }
    const io = testIo(folder)
    const least = { rowBytes: 0, kernelBytes: 0, records: 0 }
    const tierOf = (path: string, config = {}) =>
      planWork(flowFor(config, how, path), registry, { workers: 2, io, least }).plan.stages[0]!.tier
    for (const name of ['one.csv', 'two.csv']) writeFileSync(join(folder, name), 'a,c\n1,2\n3,4\n')
    writeFileSync(join(folder, 'one.csv.gz'), gzipSync('a,c\n1,2\n'))
    expect(tierOf('one.csv')).toBe('kernel')
    expect(tierOf('{one,two}.csv')).toBe('row')
    expect(tierOf('one.csv.gz')).toBe('row')
  })
})

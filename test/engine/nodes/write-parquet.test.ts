/** `write-file` with Parquet: what is written comes back from `file` as it was; what cannot be written says why. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeFile } from '../../../engine/nodes/consumers/write-file.ts'
import { file } from '../../../engine/nodes/generators/file.ts'
import type { Batch } from '../../../engine/spec/node.ts'
import { RunMemory } from '../../../engine/spill/run-memory.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { duck } from '../duck.ts'
import { runNode, temporaryFolder, type FakeRun } from '../fake-context.ts'

interface Written extends FakeRun {
  folder: string
  path: string
}

async function write(
  input: Batch[] | AsyncIterable<Batch>,
  options: { config?: Record<string, unknown>; folder?: string; memoryMb?: number; stopped?: boolean } = {},
): Promise<Written> {
  const { folder = temporaryFolder(), memoryMb = 256, config } = options
  const memory = new RunMemory({ limitMb: memoryMb, holders: [], workers: 1, root: folder })
  const controller = new AbortController()
  if (options.stopped) controller.abort()
  try {
    const run = await runNode(writeFile, {
      folder,
      config: { path: 'out.parquet', ...config },
      input,
      memory: memory.share('node'),
      controller,
    })
    return { ...run, folder, path: join(folder, 'out.parquet') }
  } finally {
    memory.close()
  }
}

async function readBack({ folder, thrown, errors }: Written): Promise<unknown[]> {
  expect(thrown).toBeUndefined()
  expect(errors).toEqual([])
  const run = await runNode(file, { folder, config: { path: 'out.parquet' } })
  expect(run.thrown).toBeUndefined()
  return run.out['out'] ?? []
}

const roundTrip = async (records: unknown[]) => readBack(await write([records]))

describe('write-file, Parquet', () => {
  test('gives back numbers, text, booleans, nulls, arrays and objects as they were', async () => {
    const records = [
      { n: 1, x: 0.1, t: 'é 😀 \0 "\'\\', b: true, l: [1, null, -0], o: { a: { b: 'x' }, c: [] }, nil: null },
      { n: -2, x: NaN, t: '', b: null, l: [], o: { a: null, c: [{ d: NaN }] }, nil: null },
      { n: 3, x: -0, t: null, b: false, l: [Infinity], o: null, nil: null },
      { n: null, x: 5e-324, t: '\u{10FFFF}', b: true, l: null, o: { a: { b: null }, c: [null] }, nil: null },
    ]
    expect(await roundTrip(records)).toEqual(records)
  })

  test('keeps the order, the sign of zero and every record over many batches', async () => {
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 1000 }, (_record, at) => ({
        at: batch * 1000 + at,
        zero: at % 3 === 0 ? -0 : 0,
        text: `text ${at % 7}`,
      })),
    )
    const found = await readBack(await write(batches))
    expect(found.length).toBe(60_000)
    const differing = batches.flat().findIndex((record, at) => {
      const other = found[at] as typeof record
      return other.at !== record.at || !Object.is(other.zero, record.zero) || other.text !== record.text
    })
    expect(differing).toBe(-1)
  })

  test('random records of nested values come back', async () => {
    const random = seededRandom(11)
    const pick = <Value>(...values: Value[]) => values[Math.floor(random() * values.length)]!
    const some = <Value>(make: () => Value) => (random() < 0.2 ? null : make())
    const number = () => pick(0, -0, 1, -7, 0.5, NaN, Infinity, 2 ** 53 - 1, 1e300, -1e-300)
    const text = () =>
      pick('', 'a', '"', '\\', '\n', '\u2028', '😀', '\uE000', 'NaN', 'null', '9007199254740993')
    const list = <Value>(make: () => Value) =>
      Array.from({ length: Math.floor(random() * 4) }, () => some(make))
    const records = Array.from({ length: 3000 }, () => ({
      a: some(number),
      b: some(text),
      c: some(() => list(() => list(number))),
      d: some(() => ({
        e: some(text),
        f: some(() => list(() => ({ g: some(number), "it's": some(text) }))),
      })),
      'a "strange" name': some(() => random() < 0.5),
    }))
    expect(await roundTrip(records)).toEqual(records)
  })

  test('widens columns: fractions, whole numbers of 64 bits, fields that come later', async () => {
    const records = [
      { a: 1, b: 1, c: '9007199254740993', d: 'ten', e: [1] },
      { a: 2.5, b: '9007199254740993', c: 2, d: '9007199254740993', e: ['-9223372036854775808'] },
      { a: 3, b: -9223372036854775808n, c: 3, d: '', e: [0], late: { x: 1 } },
      { late: { y: 'z' } },
    ]
    expect(await roundTrip(records)).toEqual([
      { ...records[0], late: null },
      { ...records[1], late: null },
      { a: 3, b: '-9223372036854775808', c: 3, d: '', e: [0], late: { x: 1, y: null } },
      { a: null, b: null, c: null, d: null, e: null, late: { x: null, y: 'z' } },
    ])
  })

  test('dates become text in UTC, bytes stay bytes', async () => {
    const at = new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 7))
    expect(await roundTrip([{ at, all: [at], bytes: new Uint8Array([0, 255]) }])).toEqual([
      {
        at: '2024-02-29T23:59:59.007000Z',
        all: ['2024-02-29T23:59:59.007000Z'],
        bytes: new Uint8Array([0, 255]),
      },
    ])
  })

  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  test.each<[string, unknown[], string]>([
    ['a text among numbers', [{ a: 1 }, { a: 'one' }], '"a" is text; it held numbers before'],
    [
      'a fraction among 64 bits',
      [{ a: '9007199254740993' }, { a: 1 }, { a: 0.5 }],
      '"a" is a fraction; it held whole',
    ],
    ['nested values', [{ a: { b: [1] } }, { a: { b: [1, 'x'] } }], '"a.b[1]" is text; it held numbers'],
    ['half a character', [{ a: 'x' }, { a: '\uD83D' }], 'half a character'],
    ['a number as a record', [{ a: 1 }, 5], 'needs a record with fields; this is a number'],
    ['big integers', [{ a: 1 }, { a: 2n ** 63n }], 'more than 64 bits'],
    ['circles', [{ a: 1 }, { a: 2, b: circle }], 'contains itself'],
    ['functions', [{ a: 1 }, { a: () => 1 }], 'is a function, which is no data'],
    ['objects without fields', [{ a: 1 }, { a: 2, b: {} }], 'an object without fields'],
    ['names alike but for capitals', [{ a: 1 }, { A: 1 }], '"a" and "A" are one in Parquet'],
    ['dates far away', [{ a: new Date(0) }, { a: new Date(8.64e15) }], 'years 1 to 9999'],
    ['no date at all', [{ a: new Date(0) }, { a: new Date(NaN) }], 'years 1 to 9999'],
    ['bytes within values', [{ a: 1 }, { b: [new Uint8Array(1)] }], 'bytes within a value'],
    ['a name without letters', [{ a: 1 }, { '': 1 }], 'cannot be the name of a field'],
  ])('refuses %s, and keeps the others', async (_, records, reason) => {
    const run = await write([records])
    expect(run.errors).toEqual([
      {
        reason: expect.stringContaining(reason) as string,
        node: 'write-file',
        record: records.at(-1),
        number: records.length,
      },
    ])
    expect(await readBack({ ...run, errors: [] })).toHaveLength(records.length - 1)
  })

  test('a record that is refused does not change the columns', async () => {
    const run = await write([[{ a: 1 }, { b: 0.5, a: 'x' }, { a: 2, b: 'text' }]])
    expect(run.errors.map(({ number }) => number)).toEqual([2])
    expect(await readBack({ ...run, errors: [] })).toEqual([
      { a: 1, b: null },
      { a: 2, b: 'text' },
    ])
  })

  test('writes the columns that are asked for, also without records', async () => {
    const config = { columns: ['b', 'a'] }
    const some = await readBack(await write([[{ a: 1, b: 2, c: 3 }, { c: 'x' }]], { config }))
    expect(some.map((record) => Object.entries(record as object))).toEqual([
      [
        ['b', 2],
        ['a', 1],
      ],
      [
        ['b', null],
        ['a', null],
      ],
    ])
    const none = await write([], { config })
    expect(await readBack(none)).toEqual([])
    expect(existsSync(none.path)).toBe(true)
  })

  test('fails without records and columns, and leaves what was there', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'out.parquet'), 'before')
    const run = await write([], { folder })
    expect(run.thrown).toMatchObject({
      field: 'columns',
      remedy: expect.stringContaining('columns') as string,
    })
    expect(readFileSync(run.path, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['out.parquet'])
  })

  test('leaves what was there when the run fails, and nothing else', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'out.parquet'), 'before')
    const failing = async function* (): AsyncGenerator<Batch> {
      yield [{ a: 1 }]
      throw new Error('a node elsewhere failed')
    }
    const run = await write(failing(), { folder })
    expect(run.thrown?.message).toBe('a node elsewhere failed')
    expect(readFileSync(run.path, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['out.parquet'])
    expect(run.guarded.size).toBe(0)
  })

  test('tells how many bytes it wrote, and leaves nothing but the file', async () => {
    const run = await write([[{ a: 1 }]])
    expect(run.bytes).toBe(readFileSync(run.path).length)
    expect(readdirSync(run.folder)).toEqual(['out.parquet'])
  })

  test('other readers see the types', async () => {
    const { path } = await write([[{ n: 1, x: 0.5, t: 'a', b: true, l: [1], o: { a: 'x' }, d: new Date(0) }]])
    const connection = await duck()
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`)
    expect(reader.getRows().map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
      'n BIGINT',
      'x DOUBLE',
      't VARCHAR',
      'b BOOLEAN',
      'l BIGINT[]',
      'o STRUCT(a VARCHAR)',
      'd TIMESTAMP WITH TIME ZONE',
    ])
  })

  test('refuses a path that promises gzip', () => {
    const config = writeFile.config.parse({ path: 'a.parquet.gz' })
    expect(writeFile.check!(config)).toHaveProperty('path')
  })
})

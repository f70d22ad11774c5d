/** Parquet files, written by DuckDB: values, row groups, shares, and damage of every kind. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FileShare } from '../../../engine/formats/file-part.ts'
import { wholeFile } from '../../../engine/formats/part-file.ts'
import { PartReader } from '../../../engine/formats/part-reader.ts'
import { sniff } from '../../../engine/host/sniff.ts'
import { file } from '../../../engine/nodes/generators/file.ts'
import { NodeError } from '../../../engine/spec/node-error.ts'
import { duck, rowsOf } from '../duck.ts'
import { runNode, temporaryFolder } from '../fake-context.ts'

const folder = temporaryFolder()
let db: DuckDBConnection
beforeAll(async () => void (db = await duck()))

const at = (name: string) => join(folder, name)
const read = (path: string, more: object = {}) => runNode(file, { folder, config: { path }, ...more })

async function write(name: string, sql: string, options = ''): Promise<void> {
  await db.run(`COPY (${sql}) TO '${at(name)}' (FORMAT parquet${options})`)
}

/** Ten thousand rows in five row groups, with nulls and repeated values. */
const MIXED = `SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'user ' || (i % 50) END AS name,
  (i * 0.25)::DOUBLE AS score, i % 3 = 0 AS flag, [i, NULL, i + 1] AS list,
  CASE WHEN i % 5 = 0 THEN NULL ELSE {a: i, b: {c: 'x' || i}} END AS nested
  FROM range(10000) t(i)`

describe('parquet', () => {
  test('values of every type', async () => {
    await write(
      'types.parquet',
      `SELECT true AS yes, 1::TINYINT AS i8, -2::SMALLINT AS i16, 3 AS i32, 9007199254740991::BIGINT AS safe,
        9007199254740993::BIGINT AS large, 255::UTINYINT AS u8, 4294967295::UINTEGER AS u32,
        18446744073709551615::UBIGINT AS u64, 0.5::FLOAT AS f, 'NaN'::DOUBLE AS nan, '-0.0'::DOUBLE AS zero,
        12.34::DECIMAL(9, 2) AS price, -0.1::DECIMAL(18, 3) AS small, 12345678901234567890.12::DECIMAL(38, 2) AS vast,
        'grüße 😀' AS text, ''::VARCHAR AS empty, '\\x00\\xFF'::BLOB AS bytes,
        'c0ffee00-0000-4000-8000-00000000abcd'::UUID AS uuid, DATE '2024-02-29' AS day,
        TIME '23:59:59.5' AS clock, TIMESTAMP '1969-12-31 23:59:59.999999' AS at,
        TIMESTAMP_MS '2024-05-31 12:00:00.125' AS ms, TIMESTAMP_NS '2024-05-31 12:00:00.000000001' AS ns,
        TIMESTAMPTZ '2024-05-31 12:00:00+02' AS zoned, NULL::INTEGER AS none,
        [1, NULL, 3] AS list, []::INTEGER[] AS no_items, NULL::INTEGER[] AS no_list, [['a'], [], NULL] AS deep,
        {a: 1, b: NULL::VARCHAR, c: ['x']} AS struct, MAP {2: 'two', 1: NULL} AS map, MAP {}::MAP(VARCHAR, INT) AS no_entries,
        [{k: 1}, {k: 2}] AS structs`,
    )
    const { out, thrown } = await read('types.parquet')
    expect(thrown).toBeUndefined()
    expect(out['out']).toEqual([
      {
        yes: true,
        i8: 1,
        i16: -2,
        i32: 3,
        safe: 9007199254740991,
        large: '9007199254740993',
        u8: 255,
        u32: 4294967295,
        u64: '18446744073709551615',
        f: 0.5,
        nan: NaN,
        zero: -0,
        price: 12.34,
        small: -0.1,
        vast: '12345678901234567890.12',
        text: 'grüße 😀',
        empty: '',
        bytes: new Uint8Array([0, 255]),
        uuid: 'c0ffee00-0000-4000-8000-00000000abcd',
        day: '2024-02-29',
        clock: '23:59:59.500000',
        at: '1969-12-31T23:59:59.999999',
        ms: '2024-05-31T12:00:00.125',
        ns: '2024-05-31T12:00:00.000000001',
        zoned: '2024-05-31T10:00:00.000000Z',
        none: null,
        list: [1, null, 3],
        no_items: [],
        no_list: null,
        deep: [['a'], [], null],
        struct: { a: 1, b: null, c: ['x'] },
        map: [
          { key: 2, value: 'two' },
          { key: 1, value: null },
        ],
        no_entries: [],
        structs: [{ k: 1 }, { k: 2 }],
      },
    ])
  })

  test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    'packed with %s',
    async (codec) => {
      const name = `${codec}.parquet`
      await write(name, MIXED, `, CODEC ${codec}, ROW_GROUP_SIZE 2048`)
      const { out, thrown, batches } = await read(name)
      expect(thrown).toBeUndefined()
      expect(out['out']).toEqual(await rowsOf(db, MIXED))
      expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(1024)
    },
  )

  test('shares are row groups; together they are the file, and so are bytes and progress', async () => {
    await write('groups.parquet', MIXED, ', ROW_GROUP_SIZE 2048')
    const expected = (await read('groups.parquet')).out['out']
    const size = readFileSync(at('groups.parquet')).length
    const config = { path: 'groups.parquet' }
    const io = { resolve: at }
    for (const count of [1, 2, 3, 40]) {
      const { parts } = file.split!({ config: file.config.parse(config), io }, { parts: count })!
      const records = []
      let bytes = 0
      for (const share of parts as FileShare[]) {
        const run = await runNode(file, { folder, config, parts: [share] })
        expect(run.thrown).toBeUndefined()
        records.push(...(run.out['out'] ?? []))
        bytes += run.bytes
        expect(run.progress.at(-1)).toEqual([share[0]!.to - share[0]!.from, share[0]!.to - share[0]!.from])
      }
      expect(records).toEqual(expected)
      expect(bytes).toBe(size)
    }
  })

  test('no rows', async () => {
    await write('none.parquet', 'SELECT 1 AS a WHERE false')
    const { out, thrown } = await read('none.parquet')
    expect([out, thrown]).toEqual([{}, undefined])
  })

  test('a column named __proto__ is a field like others', async () => {
    await write('proto.parquet', `SELECT 1 AS "__proto__", 2 AS b`)
    const [record] = (await read('proto.parquet')).out['out'] as object[]
    expect(Object.entries(record!)).toEqual([
      ['__proto__', 1],
      ['b', 2],
    ])
  })

  test('a pattern reads several', async () => {
    await write('p1.parquet', 'SELECT 1 AS a')
    await write('p2.parquet', 'SELECT 2 AS b')
    expect((await read('p[12].parquet')).out['out']).toEqual([{ a: 1 }, { b: 2 }])
  })
})

describe('a parquet file that cannot be read', () => {
  async function failure(name: string, content: Buffer): Promise<NodeError> {
    writeFileSync(at(name), content)
    const { thrown } = await read(name)
    expect(thrown).toBeInstanceOf(NodeError)
    return thrown as NodeError
  }

  test('is named with what is wrong and what to do', async () => {
    await write('good.parquet', MIXED, ', ROW_GROUP_SIZE 2048')
    const good = readFileSync(at('good.parquet'))
    const cut = await failure('cut.parquet', good.subarray(0, good.length - 100))
    expect(cut.message).toBe('cut.parquet is cut off: a Parquet file ends with PAR1, and this one does not.')
    expect((await failure('text.parquet', Buffer.from('a,b\n1,2\n'))).message).toBe(
      'text.parquet is no Parquet file.',
    )
    expect((await failure('empty.parquet', Buffer.alloc(0))).message).toBe(
      'empty.parquet is empty: it has no bytes, and a Parquet file has some even without rows.',
    )
    expect((await failure('packed.parquet', gzipSync(good))).remedy).toBe('Unpack it first, with gunzip.')
    const locked = Buffer.from(good)
    locked.write('PARE', good.length - 4)
    expect((await failure('locked.parquet', locked)).message).toMatch(/is encrypted/)
    const footer = good.readUInt32LE(good.length - 8)
    const blank = Buffer.from(good).fill(0, good.length - 8 - footer, good.length - 8)
    expect((await failure('blank.parquet', blank)).message).toBe(
      'blank.parquet is damaged: its footer cannot be read (its bytes make no sense).',
    )
    const torn = Buffer.concat([good.subarray(0, 400), good.subarray(500)])
    expect((await failure('torn.parquet', torn)).message).toMatch(
      /^torn\.parquet is damaged: column \w+ of row group \d of 5 cannot be read \(.+\)\.$/,
    )
  })

  test('that somebody made while it is read is told as a change', async () => {
    await write('torn-late.parquet', MIXED, ', ROW_GROUP_SIZE 2048')
    const path = at('torn-late.parquet')
    const reader = new PartReader({ signal: new AbortController().signal, read: () => {} })
    const part = await wholeFile({ path, name: 'torn-late.parquet' })
    const options = {
      name: part.name,
      format: 'parquet',
      maxLineBytes: 1024,
      delimiter: ',',
      header: true,
      types: 'infer',
    } as const
    const reading = async () => {
      let batches = 0
      for await (const _ of reader.records(part, options))
        if (++batches === 1) writeFileSync(path, readFileSync(path).fill(0xff, 4, part.size - 4))
    }
    await expect(reading()).rejects.toThrow(`${path} changed while it was being read.`)
  })

  test('with flipped bytes gives records or an error with a remedy, never a crash', async () => {
    await write('small.parquet', `${MIXED} LIMIT 300`, ', ROW_GROUP_SIZE 2048')
    const good = readFileSync(at('small.parquet'))
    copyFileSync(at('small.parquet'), at('flip.parquet'))
    let state = 1
    const random = (below: number) => (state = (state * 48271) % 2147483647) % below
    let failed = 0
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(good)
      for (let flips = 1 + random(3); flips > 0; flips--) bytes[random(bytes.length)]! ^= 1 << random(8)
      writeFileSync(at('flip.parquet'), bytes)
      const { thrown, out } = await read('flip.parquet')
      if (thrown === undefined) {
        expect(out['out']).toHaveLength(300)
        continue
      }
      failed++
      expect(thrown).toBeInstanceOf(NodeError)
      expect(thrown.remedy).toBeTruthy()
    }
    expect(failed).toBeGreaterThan(50)
  })
})

test('the first rows of a large file are found without reading all of it', async () => {
  await write('look.parquet', MIXED, ', ROW_GROUP_SIZE 4096')
  const reply = await sniff('look.parquet', folder)
  expect(reply).toMatchObject({
    ok: true,
    node: { type: 'file', config: { path: 'look.parquet' } },
    title: 'look.parquet',
  })
  if (!reply.ok) throw new Error(reply.message)
  expect(reply.preview).toHaveLength(20)
  expect(reply.fields.map(({ name }) => name)).toEqual(['id', 'name', 'score', 'flag', 'list', 'nested'])
})

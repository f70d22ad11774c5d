/** Expressions in SQL against the same ones in JavaScript: random expressions over random records, value by value. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isoTimestamp } from '../../../engine/formats/parquet-values.ts'
import { compileExpression } from '../../../engine/spec/expression.ts'
import { conditionToSql, expressionToSql } from '../../../engine/sql/expression-to-sql.ts'
import { Refusal, whereOf } from '../../../engine/sql/typed.ts'
import type { Typed } from '../../../engine/sql/typed.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { LONG } from './flows.ts'
import { ExpressionMaker } from './random-expression.ts'

const SAFE = 2 ** 53 - 1
const time = (sql: string, nullable: boolean): Typed => ({
  kind: 'time',
  sql,
  nullable,
  ticks: `epoch_us(${sql})`,
  time: { digits: 6, utc: true },
})
const COLUMNS = new Map<string, Typed>([
  ['d', { kind: 'number', sql: 'd', nullable: true, nan: true }],
  ['e', { kind: 'number', sql: 'e', nullable: false, nan: true }],
  ['i', { kind: 'number', sql: 'i', nullable: true, nan: false, whole: { min: -1000, max: 1000 } }],
  ['j', { kind: 'number', sql: 'j', nullable: false, nan: false, whole: { min: 0, max: 500 } }],
  ['big', { kind: 'number', sql: 'big', nullable: false, nan: false, whole: { min: -SAFE, max: SAFE } }],
  ['s', { kind: 'text', sql: 's', nullable: true }],
  ['t', { kind: 'text', sql: 't', nullable: false }],
  ['b', { kind: 'boolean', sql: 'b', nullable: true }],
  ['c', { kind: 'boolean', sql: 'c', nullable: false }],
  ['w', time('w', true)],
  ['v', time('v', false)],
])
const NAMES = {
  number: ['d', 'e', 'i', 'j', 'big'],
  text: ['s', 't'],
  boolean: ['b', 'c'],
  time: ['w', 'v'],
}
const ROWS = 150
/** Expressions of a test. */
const SOURCES = LONG ? 1500 : 250

type Row = Record<string, number | string | boolean | null>

function randomRows(random: () => number): { rows: Row[]; values: string } {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
  const double = () =>
    pick([
      0,
      -0,
      1,
      -1,
      0.5,
      -0.5,
      1.5,
      2.5,
      0.49999999999999994,
      NaN,
      Infinity,
      -Infinity,
      1e300,
      -1e-300,
      5e-324,
      random() * 100,
      2 ** 53 + 2,
      SAFE,
    ])
  const integer = (min: number, max: number) =>
    pick([min, max, 0, Math.floor(min + random() * (max - min + 1))])
  const text = () =>
    pick([
      '',
      'a',
      'ab',
      'abc',
      'é',
      'e\u0301',
      '😀',
      '😀a',
      '\uFF5E',
      '\u{10FFFF}',
      '\u{10FFFE}\uE000',
      'Z',
      '5',
      "it's",
      'null',
      'a\\b',
    ])
  const orNull = <Value>(make: () => Value) => (random() < 0.2 ? null : make())
  const micros = () =>
    pick([0n, 1n, -1n, 1_582_977_600_000_000n, BigInt(Math.floor((random() - 0.3) * 1e16))])
  const rows: Row[] = []
  const tuples: string[] = []
  for (let at = 0; at < ROWS; at++) {
    const [w, v] = [orNull(micros), micros()]
    const row: Row = {
      d: orNull(double),
      e: double(),
      i: orNull(() => integer(-1000, 1000)),
      j: integer(0, 500),
      big: integer(-SAFE, SAFE),
      s: orNull(text),
      t: text(),
      b: orNull(() => random() < 0.5),
      c: random() < 0.5,
    }
    const iso = (ticks: bigint | null) => (ticks === null ? null : isoTimestamp(ticks, 6, true))
    const literal = (value: unknown) => {
      if (value === null) return 'NULL'
      if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
      if (typeof value === 'number') return Object.is(value, -0) ? "'-0'" : `'${value}'`
      return String(value)
    }
    const moment = (ticks: bigint | null) => (ticks === null ? 'NULL' : `make_timestamp(${ticks})`)
    tuples.push(`(${at}, ${Object.values(row).map(literal).join(', ')}, ${moment(w)}, ${moment(v)})`)
    rows.push({ ...row, w: iso(w), v: iso(v) })
  }
  return { rows, values: tuples.join(',\n') }
}

describe('expressions in SQL', () => {
  let connection: DuckDBConnection
  let rows: Row[]

  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:')
    connection = await instance.connect()
    const random = randomRows(seededRandom(11))
    rows = random.rows
    await connection.run(
      'CREATE TABLE rows (n INTEGER, d DOUBLE, e DOUBLE, i SMALLINT, j INTEGER, big BIGINT, s VARCHAR, t VARCHAR, b BOOLEAN, c BOOLEAN, w TIMESTAMP, v TIMESTAMP)',
    )
    await connection.run(`INSERT INTO rows VALUES ${random.values}`)
  })
  afterAll(() => connection.closeSync())

  async function answers(expressions: readonly string[]): Promise<unknown[][]> {
    const reader = await connection.runAndReadAll(`SELECT ${expressions.join(', ')} FROM rows ORDER BY n`)
    return reader.getColumns() as unknown[][]
  }

  const valueOf = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value)

  /** Wrong answers, one line each. */
  async function differences(kind: 'value' | 'condition', sources: readonly string[]) {
    const accepted: { source: string; sql: string; typed: Typed }[] = []
    const refused = new Map<string, number>()
    for (const source of sources) {
      try {
        const typed = kind === 'value' ? expressionToSql(source, COLUMNS) : conditionToSql(source, COLUMNS)
        if (typed.kind === 'time' || typed.missing) continue
        const sql =
          typed.kind === 'boolean' && kind === 'condition' ? `coalesce(${whereOf(typed)}, FALSE)` : typed.sql
        accepted.push({ source, sql, typed })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.set(error.message, (refused.get(error.message) ?? 0) + 1)
      }
    }
    const wrong: string[] = []
    for (let from = 0; from < accepted.length; from += 100) {
      const some = accepted.slice(from, from + 100)
      const columns = await answers(some.map(({ sql }) => sql))
      some.forEach(({ source, sql, typed }, at) => {
        const run = compileExpression(source)
        rows.forEach((record, row) => {
          const wanted = kind === 'value' ? run(record) : Boolean(run(record))
          const found = valueOf(columns[at]![row])
          const fits =
            Object.is(found, wanted) &&
            (typed.kind !== 'number' ||
              !typed.whole ||
              found === null ||
              (Number(found) >= typed.whole.min && Number(found) <= typed.whole.max)) &&
            (typed.nullable || found !== null)
          if (!fits)
            wrong.push(
              `${source}\n  ${JSON.stringify(record)}\n  JavaScript ${String(wanted)}, SQL ${String(found)}\n  ${sql}`,
            )
        })
      })
    }
    return { wrong, accepted: accepted.length, refused }
  }

  test.each(LONG ? [1, 2, 3] : [1])('values are those of JavaScript (seed %i)', async (seed) => {
    const maker = new ExpressionMaker(seededRandom(seed), NAMES)
    const sources = Array.from({ length: SOURCES }, (_, at) => maker.any(1 + (at % 3)))
    const { wrong, accepted } = await differences('value', sources)
    expect(wrong.slice(0, 3).join('\n')).toBe('')
    expect(accepted).toBeGreaterThan(SOURCES / 3)
  })

  test.each(LONG ? [4, 5] : [4])(
    'conditions keep the records that JavaScript keeps (seed %i)',
    async (seed) => {
      const maker = new ExpressionMaker(seededRandom(seed), NAMES)
      const sources = Array.from({ length: SOURCES }, (_, at) => maker.boolean(1 + (at % 3)))
      const { wrong, accepted } = await differences('condition', sources)
      expect(wrong.slice(0, 3).join('\n')).toBe('')
      expect(accepted).toBeGreaterThan(SOURCES / 3)
    },
  )

  test.each([
    'record',
    'record.t.toUpperCase()',
    'record.s.startsWith("a")',
    'record.t.startsWith(record.s)',
    'record.t * 2',
    'record.d + "x"',
    'record.t < 5',
    'record.nested.field',
    'record.constructor',
    'Math.sin(record.d)',
    'Date.now()',
    'Math.random()',
    '(() => 1)()',
    'record.i = 5',
    'record.i++',
    'record.t.slice(1)',
    '/a/.test(record.t)',
    'record.i | 0',
    'record[record.t]',
    'typeof record.d',
    'record.s?.length + 1',
    'record.i == record.t',
    '10n > record.i',
  ])('%s is left to JavaScript', (source) => {
    expect(() => expressionToSql(source, COLUMNS)).toThrow(Refusal)
  })
})

/** Random records of all kinds of columns, as JavaScript has them and as a Parquet file that DuckDB writes. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { decimalValue, integerValue, isoDate, isoTimestamp } from '../../../engine/formats/parquet-values.ts'
import type { ColumnNames, Random } from './random-expression.ts'

export type Row = Record<string, unknown>

/** Columns whose values expressions may look at. */
export const NAMES: ColumnNames = {
  number: ['d', 'e', 'i', 'j', 'cents'],
  text: ['s', 't'],
  boolean: ['b', 'c'],
  time: ['w', 'v'],
}

interface Column {
  name: string
  type: string
  /** A value in SQL, and the same one in a record. */
  make(): { sql: string; value: unknown }
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`
const TEXTS = [
  '',
  'a',
  'ab',
  'abc',
  'b',
  'é',
  '😀',
  '😀a',
  '\uFF5E',
  '\u{10FFFF}',
  'Z',
  '5',
  "it's",
  '𝒳',
  '\uE000',
]
const DOUBLES = [0, -0, 1, -1, 0.5, 2.5, NaN, Infinity, -Infinity, 1e300, 3, 7]

export function columnsOf(random: Random): Column[] {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
  const integer = (min: number, max: number) => Math.floor(min + random() * (max - min + 1))
  const number = (value: number) => ({ sql: Object.is(value, -0) ? "'-0'" : `'${value}'`, value })
  const whole = (value: bigint) => ({ sql: String(value), value: integerValue(value) })
  const decimal = (value: bigint, scale: number) => {
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
    const sql = `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return { sql, value: decimalValue(value, scale) }
  }
  const micros = () => pick([0n, 1n, -1n, 1_582_977_600_000_000n, BigInt(integer(-1e15, 4e15))])
  const moment = () => {
    const ticks = micros()
    return { sql: `make_timestamp(${ticks})`, value: isoTimestamp(ticks, 6, false) }
  }
  const day = () => {
    const days = integer(-30_000, 40_000)
    return { sql: `DATE '1970-01-01' + ${days}`, value: isoDate(days) }
  }
  const plainText = () => {
    const value = pick(TEXTS)
    return { sql: text(value), value }
  }
  const truth = () => {
    const value = random() < 0.5
    return { sql: String(value), value }
  }
  const orNull = (make: Column['make']) => () => (random() < 0.15 ? { sql: 'NULL', value: null } : make())
  return [
    { name: 'd', type: 'DOUBLE', make: orNull(() => number(pick([...DOUBLES, integer(0, 5)]))) },
    { name: 'e', type: 'DOUBLE', make: () => number(pick(DOUBLES)) },
    { name: 'i', type: 'SMALLINT', make: orNull(() => whole(BigInt(integer(-5, 5)))) },
    { name: 'j', type: 'BIGINT', make: () => whole(BigInt(integer(0, 1000))) },
    { name: 'cents', type: 'DECIMAL(9,2)', make: () => decimal(BigInt(integer(-9999, 9999)), 2) },
    { name: 's', type: 'VARCHAR', make: orNull(plainText) },
    { name: 't', type: 'VARCHAR', make: plainText },
    { name: 'b', type: 'BOOLEAN', make: orNull(truth) },
    { name: 'c', type: 'BOOLEAN', make: truth },
    { name: 'w', type: 'TIMESTAMP', make: orNull(moment) },
    { name: 'v', type: 'TIMESTAMP', make: moment },
    { name: 'day', type: 'DATE', make: orNull(day) },
    {
      name: 'huge',
      type: 'BIGINT',
      make: orNull(() => whole(pick([9_007_199_254_740_993n, -9_223_372_036_854_775_807n, 5n]))),
    },
    {
      name: 'money',
      type: 'DECIMAL(30,4)',
      make: orNull(() => decimal(pick([5n, -123_456_789_012_345_678_901n]), 4)),
    },
    { name: 'Mixed Name "x"', type: 'UINTEGER', make: () => whole(BigInt(pick([0, 4_294_967_295, 3]))) },
  ]
}

/** Writes a file of several row groups, and gives the same records. */
export async function randomTable(
  connection: DuckDBConnection,
  options: { path: string; rows: number; random: Random },
): Promise<Row[]> {
  const { path, rows, random } = options
  const columns = columnsOf(random)
  const records: Row[] = []
  const tuples: string[] = []
  for (let row = 0; row < rows; row++) {
    const values = columns.map(({ make }) => make())
    records.push(Object.fromEntries(columns.map(({ name }, at) => [name, values[at]!.value])))
    tuples.push(`(${row}, ${values.map(({ sql }) => sql).join(', ')})`)
  }
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`)
  const definitions = columns.map(({ type }, at) => `${names[at]} ${type}`)
  await connection.run(`CREATE OR REPLACE TABLE made (weir_row INTEGER, ${definitions.join(', ')})`)
  if (rows > 0) await connection.run(`INSERT INTO made VALUES ${tuples.join(',\n')}`)
  await connection.run(
    `COPY (SELECT ${names.join(', ')} FROM made ORDER BY weir_row) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  )
  // DuckDB writes 0 and -0 by one entry of a dictionary, so what is in the file is what it gives back.
  const doubles = await connection.runAndReadAll(
    `SELECT d, e FROM read_parquet('${path}', file_row_number = true) ORDER BY file_row_number`,
  )
  const [d = [], e = []] = doubles.getColumns()
  return records.map((record, row) => ({ ...record, d: d[row], e: e[row] }))
}

/** Values of records on their way into a Parquet file: how DuckDB holds them until the file is made, and what they become in it. */
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { loadDuckDb } from './duckdb.ts'
import type { Shape } from './parquet-shape.ts'

/** The type of the column in which values wait: lists and objects as JSON, because what is in them is not known yet. */
export function waitingType(
  shape: Shape,
): 'BOOLEAN' | 'DOUBLE' | 'BIGINT' | 'VARCHAR' | 'TIMESTAMP' | 'BLOB' {
  switch (shape.kind) {
    case 'boolean':
      return 'BOOLEAN'
    case 'number':
      return 'DOUBLE'
    case 'integer':
      return 'BIGINT'
    case 'date':
      return 'TIMESTAMP'
    case 'bytes':
      return 'BLOB'
    case 'text':
    case 'list':
    case 'struct':
      return 'VARCHAR'
  }
}

/** The same as an object of DuckDB. */
export function waitingDuckType(shape: Shape, duck: ReturnType<typeof loadDuckDb>): DuckDBType {
  return duck[waitingType(shape)]
}

/** Makes the function from a value that the shape allows to what waits. */
export function waitingValue(
  shape: Shape,
  duck: ReturnType<typeof loadDuckDb>,
): (value: unknown) => DuckDBValue {
  const made = maker(shape, duck)
  return (value) => (value === null || value === undefined ? null : made(value))
}

function maker(shape: Shape, duck: ReturnType<typeof loadDuckDb>): (value: unknown) => DuckDBValue {
  switch (shape.kind) {
    case 'integer':
      return (value) => BigInt(value as number | string | bigint)
    case 'date':
      return (value) => new duck.DuckDBTimestampValue(BigInt((value as Date).getTime()) * 1000n)
    case 'bytes':
      return (value) => new duck.DuckDBBlobValue(value as Uint8Array)
    case 'list':
    case 'struct':
      return jsonOf
    case 'boolean':
    case 'number':
    case 'text':
      return (value) => value as DuckDBValue
  }
}

/** JSON that keeps what JSON.stringify loses, for from_json: NaN and infinities as text, -0 as a fraction. */
function jsonOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) return `"${value}"`
      return Object.is(value, -0) ? '-0.0' : String(value)
    case 'bigint':
      return `"${value}"`
    case 'object':
      break
    default:
      return value === undefined ? 'null' : String(value)
  }
  if (value === null) return 'null'
  if (value instanceof Date) return `"${value.toISOString()}"`
  if (Array.isArray(value)) return `[${Array.from(value, jsonOf).join(',')}]`
  const fields = Object.entries(value as Record<string, unknown>)
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${jsonOf(inner)}`).join(',')}}`
}

/** What the column becomes in the file, as an expression over the column in which it waits. */
export function fileColumn(shape: Shape | undefined, column: string): string {
  switch (shape?.kind) {
    case undefined:
      return 'CAST(NULL AS VARCHAR)'
    case 'number':
      return shape.whole ? `CAST(${column} AS BIGINT)` : column
    case 'date':
      return `CAST(${column} AS TIMESTAMPTZ)`
    case 'list':
    case 'struct':
      return `from_json(${column}, '${JSON.stringify(structure(shape)).replaceAll("'", "''")}')`
    case 'boolean':
    case 'integer':
    case 'text':
    case 'bytes':
      return column
  }
}

type Structure = string | [Structure] | { [name: string]: Structure }

function structure(shape: Shape | undefined): Structure {
  switch (shape?.kind) {
    case 'list':
      return [structure(shape.of)]
    case 'struct':
      return Object.fromEntries([...shape.fields].map(([name, of]) => [name, structure(of)]))
    case 'boolean':
      return 'BOOLEAN'
    case 'number':
      return shape.whole ? 'BIGINT' : 'DOUBLE'
    case 'integer':
      return 'BIGINT'
    case 'date':
      return 'TIMESTAMPTZ'
    case undefined:
    case 'text':
    case 'bytes':
      return 'VARCHAR'
  }
}

/** DuckDB as another program to compare with, and to write files with. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'

/** A connection to a database in memory; it is closed when the process ends. */
export async function duck(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  return instance.connect()
}

/** Rows as JSON has them. */
export async function rowsOf(db: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await db.runAndReadAll(`SELECT to_json(whole_row)::VARCHAR FROM (${sql}) whole_row`)
  return reader.getRows().map(([text]) => JSON.parse(text as string) as Record<string, unknown>)
}

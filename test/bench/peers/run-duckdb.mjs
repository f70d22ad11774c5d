/** Runs statements in DuckDB alone: `run-duckdb.mjs PACKAGE_JSON SQL`. Rows of the last one are printed, tab-separated. */
import { createRequire } from 'node:module'

const [, , packageJson, sql] = process.argv
const { DuckDBInstance } = load()

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const reader = await connection.runAndReadAll(sql)
for (const row of reader.getRows()) console.log(row.map(String).join('\t'))
connection.closeSync()
instance.closeSync()

/** From the bench's cache, else from the project. */
function load() {
  try {
    return createRequire(packageJson)('@duckdb/node-api')
  } catch {
    return createRequire(import.meta.url)('@duckdb/node-api')
  }
}

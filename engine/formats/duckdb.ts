/** DuckDB, loaded when it is needed and not before: a run without it does not wait for it. */
import { createRequire } from 'node:module'
import type * as DuckDb from '@duckdb/node-api'

/** By `require`, because code that comes out of V8's code cache cannot import in a worker thread. */
export function loadDuckDb(): typeof DuckDb {
  return createRequire(import.meta.url)('@duckdb/node-api') as typeof DuckDb
}

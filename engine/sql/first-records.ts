/** The first records of a look, in a small database of its own: that of the run does not wait for it and gives it no memory. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { loadDuckDb } from '../formats/duckdb.ts'
import type { Batch } from '../spec/node.ts'
import type { Look } from './program-parts.ts'
import { recordMaker } from './record-maker.ts'
import { LEAST_MB, LOOK_RECORDS } from './sql-limits.ts'

/** How often a statement is told to end: one that was just about to begin does not hear it. */
const REPEAT_MS = 20

/**
 * Gives what is found before the signal fires: at most 200 records, in the order in which the row tier has them. The
 * process may end while this goes on: what DuckDB does is ended then, because an exit waits for it.
 * @throws Error of DuckDB, where nothing was found before
 */
export async function firstRecords({ sql, columns }: Look, signal: AbortSignal): Promise<Batch> {
  const { DuckDBInstance } = loadDuckDb()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${LEAST_MB}MB`,
    // What does not fit is not shown: a look writes nothing.
    temp_directory: '',
    // Records without an order of their own come in that of the file.
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  let connection: DuckDBConnection | undefined
  let repeat: NodeJS.Timeout | undefined
  const interrupt = () => connection?.interrupt()
  const end = () => {
    interrupt()
    repeat ??= setInterval(interrupt, REPEAT_MS)
  }
  const found: unknown[] = []
  process.on('exit', interrupt)
  try {
    connection = await instance.connect()
    signal.addEventListener('abort', end)
    signal.throwIfAborted()
    const make = recordMaker(columns)
    const stream = await connection.stream(sql)
    while (found.length < LOOK_RECORDS && !signal.aborted) {
      const chunk = await stream.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      found.push(...make(chunk.getColumns()))
    }
  } catch (error) {
    if (found.length === 0) throw error
  } finally {
    clearInterval(repeat)
    signal.removeEventListener('abort', end)
    process.off('exit', interrupt)
    connection?.closeSync()
    instance.closeSync()
  }
  return found.slice(0, LOOK_RECORDS)
}

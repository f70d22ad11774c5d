/** What is left of a program in DuckDB once it has ended: nothing. */
import type { DuckDBInstance } from '@duckdb/node-api'
import { tmpdir } from 'node:os'
import { expect, it, vi } from 'vitest'
import { SqlAside } from '../../../engine/sql/aside.ts'
import type { SqlProgram } from '../../../engine/sql/program-parts.ts'
import { SqlDatabase } from '../../../engine/sql/sql-database.ts'

const program: SqlProgram = {
  nodes: [{ id: 'file', type: 'file', config: {}, port: 'out', from: [] }],
  sources: [],
  tables: [],
  counts: [],
  surveys: [],
  result: { sql: 'SELECT TRUE', columns: [] },
  looks: [],
  why: '',
}

it('a stop that comes late leaves no timer', async () => {
  const database = await SqlDatabase.open(program, { memoryMb: 256, threads: 1, folder: tmpdir })
  await database.aside.end()
  database.close()
  const timers = vi.spyOn(globalThis, 'setInterval')
  database.interrupt()
  expect(timers).not.toHaveBeenCalled()
  timers.mockRestore()
})

it('no connection is made for a question that comes late', async () => {
  const connect = vi.fn<() => void>()
  const aside = new SqlAside({ connect } as unknown as DuckDBInstance)
  await aside.end()
  await expect(aside.rows('SELECT 1')).rejects.toThrow('any more')
  expect(connect).not.toHaveBeenCalled()
})

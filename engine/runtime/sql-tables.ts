/** Wires behind a table that an SQL stage made: their first records are taken from it before it is gone. */
import type { Look, SqlProgram } from '../sql/program-parts.ts'
import type { SqlDatabase } from '../sql/sql-database.ts'
import type { MergeContext } from './part-work.ts'
import type { InnerEdge } from './sql-counts.ts'

/** How long the end of a stage may wait for this. */
const TABLES_MS = 100

interface Shown {
  program: Pick<SqlProgram, 'looks' | 'nodes'>
  edges: readonly InnerEdge[]
  context: Pick<MergeContext, 'show'>
}

/** Shows them as the records of their wires. The result has to be through. Never rejects. */
export async function showTables(database: SqlDatabase, { program, edges, context }: Shown): Promise<void> {
  const looks = edges.flatMap(({ id, from }) => {
    const look: Look | undefined = program.looks[program.nodes.findIndex((node) => node.id === from)]
    return look?.from === 'tables' ? [{ edge: id, look }] : []
  })
  if (looks.length === 0) return
  const timer = setTimeout(() => database.interrupt(), TABLES_MS)
  try {
    for (const { edge, look } of looks) context.show(edge, await database.first(look))
  } catch {
    // The run has its result; a wire that shows nothing is no reason to fail it.
  } finally {
    clearTimeout(timer)
  }
}

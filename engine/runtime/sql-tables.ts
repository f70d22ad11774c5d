/** Wires behind a table that an SQL stage made: their first records are taken from it before it is gone. */
import type { Look, SqlProgram } from '../sql/program-parts.ts'
import type { SqlJob } from '../sql/sql-job.ts'
import type { MergeContext } from './part-work.ts'

/** How long the end of a stage may wait for this. */
const TABLES_MS = 100

interface Shown {
  program: Pick<SqlProgram, 'looks'>
  /** Between the nodes, in their order. */
  edges: readonly string[]
  context: Pick<MergeContext, 'show'>
}

/** Shows them as the records of their wires. The result has to be through. Never rejects. */
export async function showTables(job: SqlJob, { program, edges, context }: Shown): Promise<void> {
  const looks = edges.flatMap((edge, at) => {
    const look: Look | undefined = program.looks[at]
    return look?.from === 'tables' ? [{ edge, look }] : []
  })
  if (looks.length === 0) return
  const timer = setTimeout(() => job.interrupt(), TABLES_MS)
  try {
    for (const { edge, look } of looks) context.show(edge, await job.first(look))
  } catch {
    // The run has its result; a wire that shows nothing is no reason to fail it.
  } finally {
    clearTimeout(timer)
  }
}

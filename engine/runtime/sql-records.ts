/** The records of a stage that DuckDB does: the statements are made, run, counted, and ended where nobody wants them. */
import { changedError } from '../formats/file-changed.ts'
import type { Batch, NodeIo } from '../spec/node.ts'
import { changedFile } from '../sql/parquet-facts.ts'
import type { SqlProgram } from '../sql/program-parts.ts'
import { Interrupted, SqlFailure } from '../sql/sql-error.ts'
import { SqlDatabase } from '../sql/sql-database.ts'
import type { SqlLimits } from '../sql/sql-limits.ts'
import { SqlWatch } from '../sql/watch.ts'
import { NodeFailure } from './failure.ts'
import type { MergeContext, StageMerge } from './part-work.ts'
import { SqlCounts, type InnerEdge } from './sql-counts.ts'
import { SqlFile } from './sql-file.ts'
import { showTables } from './sql-tables.ts'

/** How often the counts move. */
const MOVE_MS = 100

export interface SqlRecordsParts {
  /** The last node of the stage. */
  node: string
  /** @throws NodeFailure */
  program: () => SqlProgram
  /** The edges between the nodes of the stage. */
  edges: readonly InnerEdge[]
  limits: SqlLimits
  io: Pick<NodeIo, 'resolve' | 'guard'>
  /** False: no records are kept of the edges. */
  metered: boolean
}

export class SqlRecords implements StageMerge {
  readonly node: string
  readonly #parts: SqlRecordsParts
  #database: SqlDatabase | undefined
  #stopped = false

  constructor(parts: SqlRecordsParts) {
    this.node = parts.node
    this.#parts = parts
  }

  /** Ends what is going on; the records so far were all. */
  stop(): void {
    this.#stopped = true
    this.#database?.interrupt()
  }

  async *records(_: readonly unknown[], context: MergeContext): AsyncGenerator<Batch> {
    const program = this.#parts.program()
    const { edges, limits, io } = this.#parts
    const counts = new SqlCounts(program, edges, context)
    const file = program.writing && (await SqlFile.open(program.writing, { io, folder: limits.folder() }))
    const work: Work = { program, context, counts, file, sent: 0 }
    try {
      try {
        yield* this.#once(work, limits)
      } catch (error) {
        if (!(error instanceof SqlFailure) || !error.isMemory) throw error
        // The order of the records is the same each time, so it goes on behind those that were sent.
        yield* this.#once(work, { ...limits, frugal: true })
      }
    } catch (error) {
      if (error instanceof Interrupted) return
      if (!(error instanceof SqlFailure)) throw error
      // A file that was cut off meanwhile looks like a damaged one.
      checkUnchanged(program)
      throw new NodeFailure(error.node, error.error)
    } finally {
      counts.ended(this.#stopped)
      await file?.close()
    }
  }

  async *#once(work: Work, limits: SqlLimits): AsyncGenerator<Batch> {
    const { program, context, counts, file } = work
    const database = await SqlDatabase.open(program, limits)
    this.#database = database
    // Nobody wants the records: a statement that runs is of no use, one that gives records is counted to its end.
    const unwanted = () => database.isBusy && database.interrupt()
    context.signal.addEventListener('abort', unwanted)
    const watch = new SqlWatch(database, program)
    const timer = this.#parts.metered ? setInterval(() => counts.move(watch.look()), MOVE_MS) : undefined
    try {
      if (this.#stopped || context.signal.aborted) return
      let written = 0
      try {
        if (file) written = await database.write(program.writing!, file.path)
        else {
          for await (const batch of database.batches(work.sent)) {
            // What is read is read through by now, and nothing of it has gone out.
            if (work.sent === 0) checkUnchanged(program)
            work.sent += batch.length
            yield batch
          }
        }
      } finally {
        // Also where the reader has enough, and reads no further.
        if (!this.#stopped && !database.isInterrupted && !database.hasFailed) {
          clearInterval(timer)
          // Counting may take a while.
          if (timer) counts.move(watch.look())
          await database.aside.end()
          counts.end(await database.counts())
          if (this.#parts.metered) await showTables(database, { program, edges: this.#parts.edges, context })
        }
      }
      checkUnchanged(program)
      if (!this.#stopped) await file?.place(written, (bytes) => context.meters(this.node).add('bytes', bytes))
    } finally {
      clearInterval(timer)
      context.signal.removeEventListener('abort', unwanted)
      await database.aside.end()
      database.close()
    }
  }
}

interface Work {
  program: SqlProgram
  context: MergeContext
  counts: SqlCounts
  file: SqlFile | undefined
  /** Records that went out. */
  sent: number
}

/** DuckDB reads a file more than once, so it must be the same one all the while. */
function checkUnchanged({ sources }: SqlProgram): void {
  for (const { node, facts } of sources) {
    const changed = changedFile(facts)
    if (changed !== undefined) throw new NodeFailure(node, changedError({ path: changed }))
  }
}

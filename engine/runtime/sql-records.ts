/**
 * The records of a stage that DuckDB does, and the counts of the nodes it stands for: exact at the end, and moving with
 * the reading of the file before that.
 */
import { basename } from 'node:path'
import type { Batch, NodeIo } from '../spec/node.ts'
import { NodeError } from '../spec/node-error.ts'
import { changedFile } from '../sql/parquet-facts.ts'
import type { SqlProgram } from '../sql/program-parts.ts'
import { Interrupted, SqlFailure } from '../sql/sql-error.ts'
import { SqlJob } from '../sql/sql-job.ts'
import type { SqlLimits } from '../sql/sql-limits.ts'
import { NodeFailure } from './failure.ts'
import type { MergeContext, StageMerge } from './part-work.ts'
import { SqlFile } from './sql-file.ts'
import { showTables } from './sql-tables.ts'

/** How often the counts move. */
const MOVE_MS = 100

export interface SqlRecordsParts {
  /** The last node of the stage. */
  node: string
  /** @throws NodeFailure */
  program: () => SqlProgram
  /** The edges between the nodes of the stage, in their order. */
  edges: readonly string[]
  limits: SqlLimits
  io: Pick<NodeIo, 'resolve' | 'guard'>
  /** False: no records are kept of the edges. */
  metered: boolean
}

export class SqlRecords implements StageMerge {
  readonly node: string
  readonly #parts: SqlRecordsParts
  #job: SqlJob | undefined
  #stopped = false

  constructor(parts: SqlRecordsParts) {
    this.node = parts.node
    this.#parts = parts
  }

  /** Ends what is going on; the records so far were all. */
  stop(): void {
    this.#stopped = true
    this.#job?.interrupt()
  }

  async *records(_: readonly unknown[], context: MergeContext): AsyncGenerator<Batch> {
    const began = performance.now()
    const program = this.#parts.program()
    const { edges, limits, io } = this.#parts
    const { writing } = program
    const counts = new Counts(program, edges, context)
    const file = writing && (await SqlFile.open(writing, { io, folder: limits.folder() }))
    const job = await opened(program, limits, file)
    this.#job = job
    // Nobody wants the records: a statement that runs is of no use, one that gives records is counted to its end.
    const unwanted = () => job.isBusy && job.interrupt()
    context.signal.addEventListener('abort', unwanted)
    const timer = setInterval(() => counts.move(job.progress), MOVE_MS)
    try {
      if (this.#stopped || context.signal.aborted) return
      let written = 0
      try {
        if (file) written = await job.write(writing!, file.path)
        else yield* job.batches()
      } finally {
        // Also where the reader has enough, and reads no further.
        if (!this.#stopped && !job.isInterrupted && !job.hasFailed) {
          clearInterval(timer)
          counts.end(await job.counts())
          if (this.#parts.metered) await showTables(job, { program, edges, context })
        }
      }
      checkUnchanged(program)
      if (!this.#stopped) await file?.place(written, (bytes) => context.meters(this.node).add('bytes', bytes))
    } catch (error) {
      if (error instanceof Interrupted) return
      throw error instanceof SqlFailure ? new NodeFailure(error.node, error.error) : error
    } finally {
      clearInterval(timer)
      context.signal.removeEventListener('abort', unwanted)
      counts.ended(performance.now() - began, this.#stopped)
      job.close()
      await file?.close()
    }
  }
}

async function opened(program: SqlProgram, limits: SqlLimits, file: SqlFile | undefined): Promise<SqlJob> {
  try {
    return await SqlJob.open(program, limits)
  } catch (error) {
    await file?.close()
    throw error instanceof SqlFailure ? new NodeFailure(error.node, error.error) : error
  }
}

/** DuckDB reads the file more than once, so it must be the same one all the while. */
function checkUnchanged({ nodes, source }: SqlProgram): void {
  const changed = changedFile(source)
  if (changed === undefined) return
  throw new NodeFailure(
    nodes[0]!.id,
    new NodeError(`${basename(changed)} changed while it was being read.`, {
      remedy: 'Run it again, when nobody writes the file any more.',
      field: 'path',
    }),
  )
}

/** Meters of the nodes but the last, and of the edges between them. */
class Counts {
  readonly #program: SqlProgram
  readonly #edges: readonly string[]
  readonly #context: MergeContext
  readonly #passed: number[]

  constructor(program: SqlProgram, edges: readonly string[], context: MergeContext) {
    this.#program = program
    this.#edges = edges
    this.#context = context
    this.#passed = edges.map(() => 0)
    for (const { id } of program.nodes) context.meters(id).setState('running')
    context.meters(program.nodes[0]!.id).set('progressTotal', program.source.bytes)
  }

  /** Up to where the file is read, as far as that is known: the records of the first edge. */
  move(progress: number): void {
    const { source: file } = this.#program
    this.#source(Math.floor(progress * file.rows), progress)
  }

  end(left: ReadonlyMap<string, number>): void {
    const { nodes, source: file } = this.#program
    this.#source(file.rows, 1)
    for (let at = 1; at < nodes.length; at++) {
      const meters = this.#context.meters(nodes[at]!.id)
      const came = left.get(nodes[at - 1]!.id)!
      meters.set('in', came)
      const went = left.get(nodes[at]!.id)!
      if (['filter', 'dedupe'].includes(nodes[at]!.type)) meters.set('dropped', came - went)
      if (at === nodes.length - 1) continue
      this.#pass(at, went)
      meters.set('out', went)
    }
  }

  ended(tookMs: number, stopped: boolean): void {
    const { nodes } = this.#program
    this.#context.meters(nodes[0]!.id).set('busyMs', tookMs)
    for (const { id } of nodes.slice(0, -1)) this.#context.meters(id).setState(stopped ? 'stopped' : 'done')
  }

  #source(records: number, progress: number): void {
    const { nodes, source: file } = this.#program
    const meters = this.#context.meters(nodes[0]!.id)
    if (records < this.#passed[0]!) return
    this.#pass(0, records)
    meters.set('out', records)
    meters.set('progressDone', Math.round(progress * file.bytes))
    meters.set('bytes', Math.round(progress * file.bytes))
    const next = this.#context.meters(nodes[1]!.id)
    next.set('in', records)
  }

  /** The bytes of records that are never made are an estimate: a share of the file. */
  #pass(edge: number, records: number): void {
    const { source: file } = this.#program
    const more = records - this.#passed[edge]!
    this.#passed[edge] = records
    const bytes = Math.round((more * file.bytes) / Math.max(1, file.rows))
    this.#context.edge(this.#edges[edge]!).passed(more, bytes)
  }
}

/**
 * Taps of the wires inside SQL stages. No records go over these, so the first ones are read from the file when somebody
 * asks, beside the run. In the host's thread: one that is ended by force while DuckDB works takes the process with it.
 */
import { FlowGraph } from '../plan/flow-graph.ts'
import type { RunPlan, SqlStage } from '../plan/run-plan.ts'
import { treeOfStage } from '../plan/sql-tree.ts'
import { tapAnswer } from '../runtime/tap-answer.ts'
import type { TapAnswer } from '../runtime/worker-protocol.ts'
import type { AnyNodeType, Batch } from '../spec/node.ts'
import { firstRecords } from '../sql/first-records.ts'
import { changedFile } from '../sql/parquet-facts.ts'
import { sqlProgram } from '../sql/program.ts'
import type { Look } from '../sql/program-parts.ts'
import { LOOK_RECORDS } from '../sql/sql-limits.ts'
import type { Flow, RunPhase } from './protocol.ts'

/** How long a reading may take, and whoever asks waits. */
const READ_MS = 1200

export interface SqlLooksParts {
  flow: Flow
  registry: ReadonlyMap<string, AnyNodeType>
  work: RunPlan
  io: { resolve(path: string): string }
  /** False: there are no taps. */
  metered: boolean
  /** What the run itself has kept of an edge. */
  kept(edge: string, limit: number): Promise<TapAnswer | null>
}

/** The first records of an edge, and not the last ones. */
type FirstAnswer = TapAnswer & { first: true }

/** The wire behind a node of a stage. */
interface Place {
  stage: SqlStage
  at: number
}

export class SqlLooks {
  readonly #parts: SqlLooksParts
  readonly #places = new Map<string, Place>()
  readonly #found = new Map<string, Batch>()
  /** Each wire is read once, whatever comes of it: a condition that lets nothing through is not tried again and again. */
  readonly #readings = new Map<string, Promise<void>>()
  readonly #closed = new AbortController()
  #last: Promise<void> = Promise.resolve()

  constructor(parts: SqlLooksParts) {
    this.#parts = parts
    const { plan, sql } = parts.work
    for (const stage of sql) {
      for (const { id, from, to } of plan.edges) {
        const at = stage.nodes.indexOf(from.node)
        if (at >= 0 && stage.nodes.includes(to.node)) this.#places.set(id, { stage, at })
      }
    }
  }

  /** Whether the edge is inside an SQL stage. */
  has(edge: string): boolean {
    return this.#places.has(edge)
  }

  /** The first records of an edge that are known by now or soon. Never rejects, but where the run's thread is gone. */
  async first(edge: string, given: { limit: number; phase: RunPhase }): Promise<FirstAnswer> {
    const { limit, phase } = given
    const look = this.#found.has(edge) ? undefined : this.#lookAt(edge)
    if (look && isThere(look, phase)) await this.#soon(edge, look)
    const found = this.#found.get(edge)
    if (found) return { ...tapAnswer(found.slice(0, limit))!, first: true }
    const kept = look?.from === 'file' ? null : await this.#parts.kept(edge, LOOK_RECORDS)
    if (!kept) return { ...tapAnswer([])!, first: true }
    return { ...kept, records: kept.records.slice(0, limit), first: true }
  }

  /** Ends what is being read; settles when nothing is any more. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#last
  }

  /** Undefined where there is none, or where the file is another one: it would show what was never there. */
  #lookAt(edge: string): Look | undefined {
    const { flow, registry, io, metered } = this.#parts
    const { stage, at } = this.#places.get(edge)!
    if (!metered || changedFile(stage) !== undefined) return undefined
    const program = sqlProgram(treeOfStage(new FlowGraph(flow, registry), stage.nodes)!, io)
    if (typeof program === 'string' || program.nodes.length !== stage.nodes.length) return undefined
    const files = program.sources.flatMap(({ facts }) => facts.files)
    return files.length === stage.files.length ? program.looks[at] : undefined
  }

  /** Settles when the wire was read, or when that takes too long; what is found later is there for the next who asks. */
  async #soon(edge: string, look: Look): Promise<void> {
    let reading = this.#readings.get(edge)
    if (!reading) {
      // One after the other, so that the run has its processors.
      reading = this.#last.then(() => this.#read(edge, look))
      this.#last = reading
      this.#readings.set(edge, reading)
    }
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, READ_MS)
    })
    await Promise.race([reading, late])
    clearTimeout(timer)
  }

  async #read(edge: string, look: Look): Promise<void> {
    const { signal } = this.#closed
    if (signal.aborted) return
    try {
      this.#found.set(edge, await firstRecords(look, AbortSignal.any([signal, AbortSignal.timeout(READ_MS)])))
    } catch {
      // Too slow, or a file that the run tells of.
    }
  }
}

/** A fold has sent nothing before its end; what is in tables is kept by the run. */
function isThere({ from }: Look, phase: RunPhase): boolean {
  return from === 'file' || (from === 'fold' && phase === 'done')
}

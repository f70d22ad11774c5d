/**
 * Meters of the nodes that an SQL statement stands for, but the last one's output, and of the edges between them: exact
 * at the end. Before that the records of a source move with the reading of its file.
 */
import type { SqlProgram } from '../sql/program-parts.ts'
import type { MergeContext } from './part-work.ts'

/** An edge between two nodes of a stage. */
export interface InnerEdge {
  id: string
  from: string
  to: string
}

/** These let some of their records through. */
const DROPPING = ['filter', 'dedupe']

export class SqlCounts {
  readonly #program: SqlProgram
  readonly #edges: readonly InnerEdge[]
  readonly #context: MergeContext
  readonly #passed = new Map<string, number>()
  readonly #bytesOfRecord: number

  constructor(program: SqlProgram, edges: readonly InnerEdge[], context: MergeContext) {
    this.#program = program
    this.#edges = edges
    this.#context = context
    for (const { id } of program.nodes) context.meters(id).setState('running')
    let [bytes, rows] = [0, 0]
    for (const { node, facts } of program.sources) {
      context.meters(node).set('progressTotal', facts.bytes)
      bytes += facts.bytes
      rows += facts.rows
    }
    this.#bytesOfRecord = bytes / Math.max(1, rows)
  }

  /** Up to where the file is read. Which of several is being read DuckDB does not tell: their records come at the end. */
  move(progress: number): void {
    const { sources } = this.#program
    for (const { node, facts } of sources) {
      this.#read(node, progress * facts.bytes)
      if (sources.length === 1) this.#left(node, Math.floor(progress * facts.rows))
    }
  }

  /** @param left the records that left each node */
  end(left: ReadonlyMap<string, number>): void {
    const { nodes, sources } = this.#program
    for (const { node, facts } of sources) this.#read(node, facts.bytes)
    for (const [at, { id, type, from }] of nodes.entries()) {
      // What the last one sends is counted as it is sent.
      if (at < nodes.length - 1) this.#left(id, left.get(id)!)
      if (from.length === 0) continue
      let came = 0
      for (const feeder of from) came += left.get(feeder)!
      const meters = this.#context.meters(id)
      meters.set('in', came)
      if (DROPPING.includes(type)) meters.set('dropped', came - left.get(id)!)
    }
  }

  ended(tookMs: number, stopped: boolean): void {
    const { nodes, sources } = this.#program
    // One statement does all of them; its time is shown once.
    this.#context.meters(sources[0]!.node).set('busyMs', tookMs)
    for (const { id } of nodes.slice(0, -1)) this.#context.meters(id).setState(stopped ? 'stopped' : 'done')
  }

  #read(source: string, bytes: number): void {
    const meters = this.#context.meters(source)
    if (bytes < meters.get('progressDone')) return
    meters.set('progressDone', Math.round(bytes))
    meters.set('bytes', Math.round(bytes))
  }

  #left(node: string, records: number): void {
    const before = this.#passed.get(node) ?? 0
    if (records < before) return
    this.#passed.set(node, records)
    this.#context.meters(node).set('out', records)
    const { id, to } = this.#edges.find(({ from }) => from === node)!
    // The bytes of records that are never made are an estimate: a share of the files.
    this.#context.edge(id).passed(records - before, Math.round((records - before) * this.#bytesOfRecord))
    if (this.#program.nodes.find((one) => one.id === to)!.from.length === 1)
      this.#context.meters(to).set('in', records)
  }
}

/**
 * Meters of the nodes that an SQL statement stands for, but the last one's output, and of the edges between them: exact
 * at the end. Before that they are estimates that never run backwards, and are marked as such.
 */
import type { SqlProgram } from '../sql/program-parts.ts'
import type { SqlAbout } from '../sql/watch.ts'
import type { EdgeMeters } from './meter.ts'
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

  /** What is known while the statements run. */
  move({ read, left }: SqlAbout): void {
    const { nodes, sources } = this.#program
    for (const { node, facts } of sources) this.#read(node, (read.get(node) ?? 0) * facts.bytes)
    for (const [at, { id }] of nodes.entries()) {
      const records = left.get(id) ?? 0
      if (at === nodes.length - 1 || records <= (this.#passed.get(id) ?? 0)) continue
      this.#context.meters(id).set('about', 1)
      this.#left(id, records)
      this.#edgeOf(id).setAbout(true)
    }
    this.#came((node) => this.#passed.get(node) ?? 0, true)
  }

  /** @param left the records that left each node */
  end(left: ReadonlyMap<string, number>): void {
    const { nodes, sources } = this.#program
    for (const { node, facts } of sources) this.#read(node, facts.bytes)
    for (const [at, { id }] of nodes.entries()) {
      this.#context.meters(id).set('about', 0)
      // What the last one sends is counted as it is sent.
      if (at === nodes.length - 1) break
      this.#left(id, left.get(id)!)
      this.#edgeOf(id).setAbout(false)
    }
    this.#came((node) => left.get(node)!, false)
  }

  /** The time of the statements is that of the last node: whoever sends its records counts it, and how it ended. */
  ended(stopped: boolean): void {
    for (const { id } of this.#program.nodes.slice(0, -1))
      this.#context.meters(id).setState(stopped ? 'stopped' : 'done')
  }

  #read(source: string, bytes: number): void {
    const meters = this.#context.meters(source)
    if (bytes < meters.get('progressDone')) return
    meters.set('progressDone', Math.round(bytes))
    meters.set('bytes', Math.round(bytes))
  }

  #left(node: string, records: number): void {
    const before = this.#passed.get(node) ?? 0
    this.#passed.set(node, records)
    this.#context.meters(node).set('out', records)
    // The bytes of records that are never made are an estimate: a share of the files.
    const bytes = (count: number) => Math.round(count * this.#bytesOfRecord)
    this.#edgeOf(node).passed(records - before, bytes(records) - bytes(before))
  }

  /** The edge by which the node's records leave. */
  #edgeOf(node: string): EdgeMeters {
    return this.#context.edge(this.#edges.find(({ from }) => from === node)!.id)
  }

  /** What came to each node is what left those before it. */
  #came(left: (node: string) => number, isAbout: boolean): void {
    for (const { id, type, from } of this.#program.nodes) {
      if (from.length === 0) continue
      const meters = this.#context.meters(id)
      const came = from.reduce((sum, feeder) => sum + left(feeder), 0)
      if (isAbout && came === 0) continue
      meters.set('in', came)
      if (isAbout) meters.set('about', 1)
      if (DROPPING.includes(type) && (!isAbout || this.#passed.has(id)))
        meters.set('dropped', came - left(id))
    }
  }
}

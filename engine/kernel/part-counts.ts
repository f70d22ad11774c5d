/** Counts of a part of the kernel tier, on its page of meters: what came to each node and left it, and the time it took. */
import { NodeFailure, RecordFailure } from '../runtime/failure.ts'
import type { EdgeMeters, NodeMeters } from '../runtime/meter.ts'
import type { PartSetup } from '../runtime/part-work.ts'
import type { RowsAtHand } from './kernel-chain.ts'
import { isWrite, type PartProgram } from './part-program.ts'

export class PartCounts {
  readonly #nodes: readonly string[]
  readonly #meters: NodeMeters[]
  /** The edge into each step, from the first one behind the file on. */
  readonly #edges: EdgeMeters[]
  readonly #metered: boolean
  /** Records that came to each step, and lines for the file. */
  readonly #came: number[]
  /** Of the rows at hand, where they went. */
  readonly #gone: Uint32Array
  #since = 0

  /** The last node is a group, which is the part's own; else the run's thread counts what comes to it. */
  readonly #groups: boolean

  constructor({ plan, meters, metered }: PartSetup, program: PartProgram) {
    const { nodes } = program
    this.#nodes = nodes
    this.#groups = !isWrite(program)
    this.#metered = metered
    this.#meters = nodes.map((id) => meters.node(plan.nodes.findIndex((node) => node.id === id)))
    this.#edges = nodes.slice(1).map((id, i) => {
      const from = nodes[i]!
      return meters.edge(plan.edges.findIndex((edge) => edge.from.node === from && edge.to.node === id))
    })
    this.#came = nodes.map(() => 0)
    this.#gone = new Uint32Array(256)
  }

  get #own(): readonly NodeMeters[] {
    return this.#groups ? this.#meters : this.#meters.slice(0, -1)
  }

  start(): void {
    for (const meters of this.#own) meters.setState('running')
  }

  read(bytes: number, ms: number): void {
    if (!this.#metered) return
    const [file] = this.#meters
    file!.add('bytes', bytes)
    file!.add('busyMs', ms)
    // The run knows how much there is in all.
    file!.add('progressDone', bytes)
  }

  /** The clock runs from here on for whoever `spent` names. */
  tick(): void {
    if (this.#metered) this.#since = performance.now()
  }
  spent(step: number): void {
    if (!this.#metered) return
    const now = performance.now()
    this.#own[Math.min(step, this.#own.length - 1)]!.add('busyMs', now - this.#since)
    this.#since = now
  }

  /** How many of the rows up to and with this one came to a step. */
  numberOf(chain: RowsAtHand, row: number, step: number): number {
    const { gone } = chain.rows
    let number = this.#came[step]!
    for (let i = 0; i <= row; i++) if (gone[i] === 0 || gone[i]! > step) number++
    return number
  }

  /** Counts the rows at hand. @param bytes what a record takes behind each step, on average */
  add(chain: RowsAtHand, bytes: readonly number[]): void {
    const rows = chain.rows.rows
    const gone = this.#gone.fill(0)
    if (chain.anyGone) for (let row = 0; row < rows; row++) gone[chain.rows.gone[row]!]!++
    const failed = new Uint32Array(this.#nodes.length)
    for (const { step } of chain.failed) failed[step]!++
    let here = rows
    for (let step = 0; step < this.#nodes.length; step++) {
      this.#came[step]! += here
      const on = here - gone[step + 1]!
      if (this.#metered)
        this.#count(step, {
          came: here,
          on,
          dropped: gone[step + 1]! - failed[step]!,
          bytes: bytes[step] ?? 0,
        })
      here = on
    }
  }

  #count(step: number, { came, on, dropped, bytes }: Passed): void {
    if (step === this.#own.length) return
    const meters = this.#meters[step]!
    if (step > 0) meters.add('in', came)
    // What the group holds it gives at the end.
    if (step === this.#nodes.length - 1) return
    meters.add('out', on)
    this.#edges[step]!.passed(on, Math.round(on * bytes))
    if (step > 0 && dropped > 0) meters.add('dropped', dropped)
  }

  /** Counts failed records that leave by a wire, or end the run. */
  errors(step: number, count: number): void {
    if (this.#metered) this.#meters[step]!.add('errors', count)
  }

  failed(error: unknown): void {
    const id =
      error instanceof RecordFailure
        ? error.failure.node
        : error instanceof NodeFailure
          ? error.node
          : undefined
    if (id !== undefined) this.#meters[this.#nodes.indexOf(id)]?.setState('failed')
  }

  end(stopped: boolean): void {
    for (const meters of this.#own) meters.setState(stopped ? 'stopped' : 'done')
  }

  /** As `PartWork.came`: the file tells places in itself. */
  came(): Record<string, number> {
    return Object.fromEntries(this.#nodes.slice(1, this.#own.length).map((id, i) => [id, this.#came[i + 1]!]))
  }
}

interface Passed {
  came: number
  on: number
  dropped: number
  bytes: number
}

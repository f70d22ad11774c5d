/** What people see on the wires of a kernel stage: now and then, the last rows once more, the way of the row tier. */
import type { PartSetup } from '../runtime/part-work.ts'
import { Tap } from '../runtime/tap.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import type { ExactChain } from './exact-chain.ts'
import type { RowsAtHand } from './kernel-chain.ts'
import { ROW_NOTHING } from './layout.ts'
import type { PartProgram } from './part-program.ts'

/** As often as numbers are shown. One look takes some 0.4 ms. */
const EVERY_MS = 100
const RECORDS = 100

export class PartTaps {
  /** What a record takes behind each step, on average of those that were looked at. */
  readonly bytes: number[]
  readonly #chain: ExactChain
  readonly #metered: boolean
  readonly #taps = new Map<string, Tap>()
  /** The tap behind each step. */
  readonly #inner: Tap[]
  #at = -Infinity

  constructor({ plan, metered }: PartSetup, { nodes }: PartProgram, chain: ExactChain) {
    this.#chain = chain
    this.#metered = metered
    this.#inner = nodes.slice(1).map((id, i) => {
      const tap = new Tap()
      const edge = plan.edges.find(({ from, to }) => from.node === nodes[i] && to.node === id)
      if (edge) this.#taps.set(edge.id, tap)
      return tap
    })
    this.bytes = this.#inner.map(() => 0)
  }

  last(edge: string, limit: number): Batch | undefined {
    return this.#taps.get(edge)?.last(limit)
  }

  /** The tap of an edge that leaves the stage. */
  leaving(edge: string): Tap {
    let tap = this.#taps.get(edge)
    if (!tap) this.#taps.set(edge, (tap = new Tap()))
    return tap
  }

  /** Looks at the last of these rows, where it is time to or where they are the last of their file. */
  look({ rows, made }: RowsAtHand, isLast: boolean): void {
    if (!this.#metered) return
    const now = performance.now()
    if (now - this.#at < EVERY_MS && !isLast) return
    this.#at = now
    const seen: DataRecord[][] = this.#inner.map(() => [])
    const count = rows.rows
    for (let row = Math.max(0, count - RECORDS); row < count; row++) {
      const note = (step: number, record: DataRecord) => seen[step]?.push(record)
      const read = made?.[row]
      if (read && 'record' in read) this.#chain.goOn(read.record, note)
      else if (!read && rows.flag[row] !== ROW_NOTHING) this.#chain.run(rows.line(row), note)
    }
    seen.forEach((records, step) => {
      if (records.length === 0) return
      this.#inner[step]!.push(records)
      this.bytes[step] =
        records.reduce<number>((sum, record) => sum + recordBytes(record), 0) / records.length
    })
  }
}

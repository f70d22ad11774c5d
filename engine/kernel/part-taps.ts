/**
 * What people see on the wires of a kernel stage: now and then the last lines are kept, and go the way of the row tier
 * when somebody asks what was on a wire. A few go it at once, to tell how large the records are.
 */
import type { PartSetup } from '../runtime/part-work.ts'
import { Tap } from '../runtime/tap.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { recordBytes } from '../spec/record-size.ts'
import type { ExactChain } from './exact-chain.ts'
import type { MadeRow, RowsAtHand } from './kernel-chain.ts'
import { ROW_NOTHING } from './layout.ts'
import type { PartProgram } from './part-program.ts'

const EVERY_MS = 50
/** Lines of a look, and characters: lines may be long. */
const LINES = 100
const TEXT = 64 * 1024
/** Looks that are kept until somebody asks: of those before, nothing would be seen. */
const LOOKS = 10
/** Lines of a look that are measured; more of the first one, as it counts alone for a while. */
const MEASURED = 2
const FIRST_MEASURED = 20

type Line = string | MadeRow

export class PartTaps {
  /** What a record takes behind each step, on average of those that were measured. */
  readonly bytes: number[]
  readonly #chain: ExactChain
  readonly #metered: boolean
  readonly #taps = new Map<string, Tap>()
  /** The tap behind each step. */
  readonly #inner: Tap[]
  /** Records behind each step that were measured, and what they take together. */
  readonly #measured: { records: number; bytes: number }[]
  #looks: Line[][] = []
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
    this.#measured = this.#inner.map(() => ({ records: 0, bytes: 0 }))
  }

  last(edge: string, limit: number): Batch | undefined {
    this.#settle()
    return this.#taps.get(edge)?.last(limit)
  }

  /** The tap of an edge that leaves the stage. */
  leaving(edge: string): Tap {
    let tap = this.#taps.get(edge)
    if (!tap) this.#taps.set(edge, (tap = new Tap()))
    return tap
  }

  /** Looks at the last of these rows, where it is time to or where they are the last of their file. */
  look(rows: RowsAtHand, isLast: boolean): void {
    if (!this.#metered) return
    const now = performance.now()
    if (now - this.#at < EVERY_MS && !isLast) return
    const isFirst = this.#at === -Infinity
    this.#at = now
    const lines = lastLines(rows)
    this.#looks.push(lines)
    if (this.#looks.length > LOOKS) this.#looks.shift()
    this.#measure(lines.slice(isFirst ? -FIRST_MEASURED : -MEASURED))
  }

  #measure(lines: readonly Line[]): void {
    const measured = this.#measured
    this.#follow(lines, (step, record) => {
      const all = measured[step]
      if (!all) return
      all.records++
      all.bytes += recordBytes(record)
      this.bytes[step] = all.bytes / all.records
    })
  }

  /** Has the lines that were kept go the way of the row tier. */
  #settle(): void {
    const looks = this.#looks
    this.#looks = []
    for (const lines of looks) {
      const seen: DataRecord[][] = this.#inner.map(() => [])
      this.#follow(lines, (step, record) => seen[step]?.push(record))
      seen.forEach((records, step) => {
        if (records.length > 0) this.#inner[step]!.push(records)
      })
    }
  }

  #follow(lines: readonly Line[], note: (step: number, record: DataRecord) => void): void {
    for (const line of lines) {
      if (typeof line === 'string') this.#chain.run(line, note)
      else if ('record' in line) this.#chain.goOn(line.record, note)
    }
  }
}

/** The last rows that hold something, in their order. */
function lastLines({ rows, made }: RowsAtHand): Line[] {
  const lines: Line[] = []
  let text = 0
  const count = rows.rows
  for (let row = count - 1; row >= 0 && row >= count - LINES && text < TEXT; row--) {
    const read = made?.[row]
    if (!read && rows.flag[row] === ROW_NOTHING) continue
    const line = read ?? rows.line(row)
    text += typeof line === 'string' ? line.length : 0
    lines.push(line)
  }
  return lines.toReversed()
}

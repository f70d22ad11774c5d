/** Sends the records that a part refused where their wires lead, in order, or fails the run where there is none. */
import { reasonText } from '../formats/csv-row-assembler.ts'
import { RecordFailure } from '../runtime/failure.ts'
import type { EdgeMeters } from '../runtime/meter.ts'
import type { PartOutput, PartSetup } from '../runtime/part-work.ts'
import { batchBytes } from '../runtime/size.ts'
import type { Tap } from '../runtime/tap.ts'
import { BATCH_RECORDS } from '../spec/batches.ts'
import { ERROR_PORT_NAME, type ErrorRecord } from '../spec/node.ts'
import type { Failed, RowsAtHand } from './kernel-chain.ts'
import type { PartCounts } from './part-counts.ts'
import type { PartTaps } from './part-taps.ts'
import type { PartProgram } from './part-program.ts'

interface ErrorEdge {
  id: string
  meters: EdgeMeters
  tap: Tap
  wanted: boolean
}

interface Where {
  /** Where there are several: the one that is read. */
  file: string | undefined
  /** Lines of the file before the part. */
  linesBefore: () => Promise<number>
  /** Lines of the part before the rows at hand. */
  line: number
  out: PartOutput
}

export class PartRefusals {
  readonly #nodes: readonly string[]
  readonly #counts: PartCounts
  readonly #metered: boolean
  /** Edges out of each step's error port. */
  readonly #edges: ErrorEdge[][]

  constructor(
    { plan, meters, metered }: PartSetup,
    { nodes }: PartProgram,
    counts: PartCounts,
    taps: PartTaps,
  ) {
    this.#nodes = nodes
    this.#counts = counts
    this.#metered = metered
    this.#edges = nodes.map((node) =>
      plan.edges.flatMap(({ id, from }, index) =>
        from.node === node && from.port === ERROR_PORT_NAME
          ? [{ id, meters: meters.edge(index), tap: taps.leaving(id), wanted: true }]
          : [],
      ),
    )
  }

  left(edge: string): void {
    for (const edges of this.#edges) for (const line of edges) if (line.id === edge) line.wanted = false
  }

  /** @throws RecordFailure for the first that has no wire */
  async send(chain: RowsAtHand, where: Where): Promise<void> {
    const failed = chain.failed.toSorted((a, b) => a.row - b.row || a.step - b.step)
    const fatal = failed.findIndex(({ step }) => this.#edges[step]!.length === 0)
    const wired = fatal < 0 ? failed : failed.slice(0, fatal)
    for (const step of new Set(wired.map(({ step }) => step))) {
      const records: ErrorRecord[] = []
      for (const one of wired) if (one.step === step) records.push(await this.#record(chain, one, where))
      for (let at = 0; at < records.length; at += BATCH_RECORDS) {
        await this.#leave(step, records.slice(at, at + BATCH_RECORDS), where.out)
      }
    }
    if (fatal < 0) return
    this.#counts.errors(failed[fatal]!.step, 1)
    throw new RecordFailure(await this.#record(chain, failed[fatal]!, where))
  }

  async #record(chain: RowsAtHand, { row, step, refusal }: Failed, where: Where): Promise<ErrorRecord> {
    const node = this.#nodes[step]!
    if (step > 0) {
      // In the order of the row tier's, as it is that of the columns where they are written.
      const { record, ...why } = refusal
      const reason = reasonText(refusal.reason, 0)
      return { ...why, reason, node, record, number: this.#counts.numberOf(chain, row, step) }
    }
    const before = await where.linesBefore()
    const line = before + chain.lineOf(row, where.line)
    const text = reasonText(refusal.reason, before)
    const reason = where.file === undefined ? text : `${where.file}: ${text}`
    return { node, ...refusal, reason, line, number: line }
  }

  async #leave(step: number, batch: ErrorRecord[], out: PartOutput): Promise<void> {
    this.#counts.errors(step, batch.length)
    for (const { id, meters, tap, wanted } of this.#edges[step]!) {
      if (!wanted) {
        if (this.#metered) meters.dropped(batch.length)
        continue
      }
      if (this.#metered) {
        meters.passed(batch.length, batchBytes(batch))
        tap.push(batch)
      }
      const room = out.records(id, batch)
      if (room) await room
    }
  }
}

/**
 * What came as far as some nodes, about: a share of the records of a source, asked again and again of a piece from
 * where the source is read. Each share holds for what was read since the one before.
 */
import type { Survey } from './program-parts.ts'
import type { Reading } from './reading-order.ts'
import type { WatchedSource } from './watched-source.ts'

/** Processor time that it takes to read a record whole, for the other side of a join. */
const MS_OF_RECORD = 30e-6

export class WatchedSurvey {
  /** Records by node, once something is known. */
  readonly passed = new Map<string, number>()
  /** How often was asked. */
  asked = 0
  readonly #survey: Survey
  readonly #sources: readonly WatchedSource[]
  /** The source of which pieces are read. */
  #by: WatchedSource | undefined
  #shares: readonly number[] | undefined
  /** Up to where the records of that source were counted. */
  #counted = 0

  /** @param all sources of the program */
  constructor(survey: Survey, all: ReadonlyMap<string, WatchedSource>) {
    this.#survey = survey
    this.#sources = survey.sources.map((node) => all.get(node)!)
    if (this.#sources.length === 1) this.#by = this.#sources[0]
  }

  /** Of a join the pairs come while the side is read that is read last. */
  order(order: readonly Reading[]): void {
    if (this.#by) return
    const read = order.filter(({ source }) => this.#sources.some(({ node }) => node === source))
    const last = read.at(-1)?.source
    if (read.length === this.#sources.length && this.#survey.by.includes(last!))
      this.#by = this.#sources.find(({ node }) => node === last)
  }

  /** Processor time that asking takes beside reading the piece, in ms. */
  get cost(): number {
    const others = this.#sources.filter((source) => source !== this.#by)
    return others.reduce((sum, { rows }) => sum + rows, 0) * MS_OF_RECORD
  }
  /** While the source is being read, and once where it was read before anybody asked. */
  get isToBeAsked(): boolean {
    if (!this.#by || this.#by.position === 0) return false
    return this.#by.part! < 1 || this.asked === 0
  }

  /** @param rows what the database says @throws what that throws */
  async ask(rows: (sql: string) => Promise<unknown[][]>): Promise<void> {
    this.asked++
    const piece = this.#by!.withPiece(this.#survey.sql)
    const [row] = await rows(piece.sql)
    this.#shares = row?.map((records) => Number(records) / piece.rows)
    this.count()
  }

  /** Takes in what was read meanwhile. */
  count(): void {
    if (!this.#shares || !this.#by) return
    const more = this.#by.position - this.#counted
    this.#counted = this.#by.position
    for (const [at, node] of this.#survey.nodes.entries())
      this.passed.set(node, (this.passed.get(node) ?? 0) + more * this.#shares[at]!)
  }
}

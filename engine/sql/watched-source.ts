/** A source of an SQL program while its statement runs: how far it was read, and what went through the filters behind it, about. */
import type { SqlSource } from './program-parts.ts'
import { pieceOf } from './relations/file.ts'

/** What a share is taken of: the beginning of a row group, because what is before it costs as much as the piece. */
const PIECE_ROWS = 8192
/** Of larger groups a piece is taken for each so many rows. */
const STEP_ROWS = 16 * PIECE_ROWS

export class WatchedSource {
  readonly source: SqlSource
  /** Records of each filter, once something is known of it. */
  readonly passed = new Map<string, number>()
  /** How often was asked. */
  surveys = 0
  /** Undefined as long as nothing is known. */
  part: number | undefined
  #shares: readonly number[] | undefined
  /** Up to where records were counted for the filters. */
  #counted = 0

  constructor(source: SqlSource) {
    this.source = source
  }
  get node(): string {
    return this.source.node
  }
  /** Records that were read. */
  get position(): number {
    return (this.part ?? 0) * this.source.facts.rows
  }
  /** While it is being read, and once where it was read before anybody asked. */
  get isToBeSurveyed(): boolean {
    if (this.source.survey === undefined || this.position === 0) return false
    return this.part! < 1 || this.surveys === 0
  }
  isReadBy(sql: string): boolean {
    return sql.includes(this.source.scan)
  }

  /** Never backwards. */
  readTo(part: number): void {
    this.part = Math.max(this.part ?? 0, part)
    this.#count()
  }

  /** What tells the shares of the records where the reading is now. */
  surveyHere(): string {
    const { facts, scan, survey } = this.source
    const place = placeOf(facts, Math.floor(this.part === 1 ? facts.rows / 2 : this.position))
    const column = scan.slice(0, scan.indexOf('read_parquet('))
    return survey!.sql.split(scan).join(`${column}${pieceOf({ ...place, rows: PIECE_ROWS })}`)
  }

  /** @param counts all records that were looked at, then those that each filter let through */
  learn([all = 0, ...through]: readonly number[]): void {
    this.surveys++
    if (all > 0) this.#shares = through.map((records) => records / all)
    this.#count()
  }

  #count(): void {
    if (!this.#shares) return
    const more = this.position - this.#counted
    this.#counted = this.position
    for (const [at, node] of this.source.survey!.nodes.entries())
      this.passed.set(node, (this.passed.get(node) ?? 0) + more * this.#shares[at]!)
  }
}

/** A row by its number in all files: the file, and the row in it where a piece begins that it is in or near. */
function placeOf({ files }: SqlSource['facts'], row: number): { path: string; from: number } {
  let before = 0
  for (const { path, groups } of files) {
    let start = 0
    for (const rows of groups) {
      const inside = row - before
      if (inside < rows) return { path, from: start + Math.floor(inside / STEP_ROWS) * STEP_ROWS }
      start += rows
      before += rows
    }
  }
  return { path: files[0]!.path, from: 0 }
}

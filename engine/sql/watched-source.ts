/** A source of an SQL program while its statement runs, and how far it was read, about. */
import type { SqlSource } from './program-parts.ts'
import { pieceOf } from './relations/file.ts'

/** What a share is taken of: the beginning of a row group, because what is before it costs as much as the piece. */
const PIECE_ROWS = 8192
/** Of larger groups a piece is taken for each so many rows. */
const STEP_ROWS = 16 * PIECE_ROWS

export class WatchedSource {
  readonly source: SqlSource
  /** Undefined as long as nothing is known. */
  part: number | undefined

  constructor(source: SqlSource) {
    this.source = source
  }
  get node(): string {
    return this.source.node
  }
  get rows(): number {
    return this.source.facts.rows
  }
  /** Records that were read. */
  get position(): number {
    return (this.part ?? 0) * this.rows
  }
  isReadBy(sql: string): boolean {
    return sql.includes(this.source.scan)
  }

  /** Never backwards. */
  readTo(part: number): void {
    this.part = Math.max(this.part ?? 0, part)
  }

  /** A statement that reads this source, with a piece from where the reading is now in its place. */
  withPiece(sql: string): { sql: string; rows: number } {
    const { facts, scan } = this.source
    const { path, from, left } = placeOf(facts, Math.floor(this.part === 1 ? facts.rows / 2 : this.position))
    const column = scan.slice(0, scan.indexOf('read_parquet('))
    const piece = pieceOf({ path, from, rows: PIECE_ROWS })
    return { sql: sql.split(scan).join(`${column}${piece}`), rows: Math.min(PIECE_ROWS, left) }
  }
}

interface Place {
  path: string
  from: number
  /** Rows of the file from there on. */
  left: number
}

/** A row by its number in all files: the file, and the row in it where a piece begins that it is in or near. */
function placeOf({ files }: SqlSource['facts'], row: number): Place {
  let before = 0
  for (const { path, groups } of files) {
    const all = groups.reduce((sum, rows) => sum + rows, 0)
    let start = 0
    for (const rows of groups) {
      const inside = row - before
      if (inside < rows) {
        const from = start + Math.floor(inside / STEP_ROWS) * STEP_ROWS
        return { path, from, left: all - from }
      }
      start += rows
      before += rows
    }
  }
  throw new RangeError(`there is no row ${row}`)
}

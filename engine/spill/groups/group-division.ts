/**
 * Many groups of one worker, divided with those of the others by the hashes of their keys: in memory while there is
 * room for what all of them hold, else in files, which change hands as they are. In the end each worker has whole
 * groups, in ranges of places, and the run's thread puts one range after the other in order.
 */
import type { Division, Owned, Piece, Place, Steps } from '../../spec/division.ts'
import type { Memory } from '../../spec/node.ts'
import { BlockWriter } from './blocks.ts'
import type { GroupRows } from './group-rows.ts'
import type { ManyGroups } from './many-groups.ts'
import { fileAt } from './merge-files.ts'
import { allOf, byPlace, rangesOf, type PlaceRanges, type RowSource } from './place-ranges.ts'
import { BLOCK_ROWS, RowFile, type RowFileData } from './row-files.ts'

/** What the others have to know of a worker. */
interface Word {
  spilled: boolean
  /** Places are below it. */
  seen: number
  bytes: number
}

/** Whole groups of one worker: by range of places, as blocks in order, or in files. */
export interface OwnedGroups {
  span: number
  ranges: (RowFileData | OwnedBlocks)[]
  /** What they count for in the limit of groups. */
  counted: number
}

interface OwnedBlocks {
  buffers: ArrayBuffer[]
  /** What the rows take in memory. */
  bytes: number
}

export interface GroupDivisionSetup {
  many: ManyGroups
  memory: Memory
  place: Place
  /** What rows count for in the limit of groups; `rows` are those at these indexes. */
  count: (rows: GroupRows, indexes: ArrayLike<number>) => number
}

export class GroupDivision implements Division {
  readonly word: Word
  readonly #setup: GroupDivisionSetup
  /** By worker: what its places are raised by to be those of all. */
  readonly #before: number[] = []
  #ranges: PlaceRanges = { count: 1, span: 1 }
  /** By worker: the rows that it owns, of those that were here from the start; in memory only. */
  #rowsOf: number[][] | undefined
  /** The files that were laid here. */
  #laid: RowFileData[] = []
  /** By worker: files whose groups this one owns. */
  readonly #files: RowFileData[][] = []

  constructor(setup: GroupDivisionSetup) {
    this.#setup = setup
    const { isSpilled: spilled, seen, bytes } = setup.many
    this.word = { spilled, seen, bytes }
  }

  *prepare(given: readonly unknown[]): Steps {
    const { many, memory, place } = this.#setup
    const words = given as readonly Word[]
    let seen = 0
    for (const word of words) {
      this.#before.push(seen)
      seen += word.seen
    }
    const bytes = words.reduce((sum, word) => sum + word.bytes, 0)
    this.#ranges = rangesOf(seen, bytes, memory)
    // What is given away stays in the table, and others add theirs.
    const most = Math.max(...words.map((word) => word.bytes)) + bytes / place.parts
    if (words.some(({ spilled }) => spilled) || most > memory.bytes) {
      this.#laid = yield* many.toFiles()
      this.#files[place.part] = this.#laidFor(place.part)
    } else this.#rowsOf = this.#divided(many.rows)
  }

  *piecesFor(to: number): Generator<Piece, undefined> {
    if (!this.#rowsOf) yield { data: this.#laidFor(to) }
    else
      for (const buffer of blocksOf(this.#setup.many.rows, this.#rowsOf[to]!))
        yield { data: buffer, buffers: [buffer] }
    return undefined
  }

  take(from: number, { data }: Piece): void {
    if (this.#rowsOf) this.#setup.many.rows.absorb(new Uint8Array(data as ArrayBuffer), 0)
    else this.#files[from] = data as RowFileData[]
  }

  *owned(): Steps<Owned> {
    return this.#rowsOf ? yield* this.#ownedRows() : yield* this.#ownedFiles()
  }

  *#ownedRows(): Steps<Owned> {
    const { many, place, count } = this.#setup
    const { rows } = many
    const { span } = this.#ranges
    const isMine = ownerIn(rows, place.parts)
    const mine = byPlace(rows, 0, this.#ranges.count * span).filter((row) => isMine(row) === place.part)
    const counted = count(rows, mine)
    yield undefined
    const each = rows.count === 0 ? 0 : rows.bytes / rows.count
    const ranges: OwnedBlocks[] = []
    let from = 0
    for (let range = 0; range < this.#ranges.count; range++) {
      let to = from
      while (to < mine.length && rows.places[mine[to]!]! < (range + 1) * span) to++
      const buffers = [...blocksOf(rows, mine.subarray(from, to))]
      ranges.push({ buffers, bytes: (to - from) * each })
      from = to
      yield undefined
    }
    const data: OwnedGroups = { span, ranges, counted }
    return { owned: true, data, buffers: ranges.flatMap(({ buffers }) => buffers), onDisk: false }
  }

  *#ownedFiles(): Steps<Owned> {
    const { many, memory, count } = this.#setup
    let counted = 0
    many.merged = (rows) => (counted += count(rows, allOf(rows)))
    const all = this.#files[0]!.map((_, at) =>
      this.#files.map((files, part) => ({
        file: new RowFile(memory, files[at]),
        shift: this.#before[part]!,
      })),
    )
    const ranges = yield* many.mergeFiles(all, this.#ranges)
    const data: OwnedGroups = { span: this.#ranges.span, ranges, counted }
    return { owned: true, data, onDisk: true }
  }

  /** The rows that each worker owns; all get their places in the order of all. */
  #divided(rows: GroupRows): number[][] {
    const { part, parts } = this.#setup.place
    const owner = ownerIn(rows, parts)
    const of = Array.from({ length: parts }, (): number[] => [])
    for (let row = 0; row < rows.count; row++) {
      rows.places[row]! += this.#before[part]!
      of[owner(row)]!.push(row)
    }
    return of
  }

  #laidFor(part: number): RowFileData[] {
    return this.#laid.filter((_, at) => ownerOf(at, this.#setup.place.parts) === part)
  }
}

/** By range of places, what all workers own of it. */
export function rangesOwned(all: readonly OwnedGroups[], memory: Memory): RowSource[][] {
  const [first] = all
  return (first?.ranges ?? []).map((_, range) =>
    all.map(({ ranges }) => {
      const source = ranges[range]!
      return 'path' in source ? new RowFile(memory, source) : inMemory(source)
    }),
  )
}

function inMemory(owned: OwnedBlocks): RowSource {
  return {
    bytes: owned.bytes,
    blocks: () => owned.buffers.map((buffer) => new Uint8Array(buffer)),
    remove: () => void (owned.buffers = []),
  }
}

/** Which worker owns the groups of a file, so that whole files change hands. */
function ownerOf(file: number, parts: number): number {
  return file % parts
}

function ownerIn(rows: GroupRows, parts: number): (row: number) => number {
  const file = fileAt(rows, 0)
  return (row) => ownerOf(file(row), parts)
}

/** Rows as blocks, each in a buffer of its own. */
function* blocksOf(rows: GroupRows, indexes: ArrayLike<number>): Generator<ArrayBuffer, undefined> {
  const order = Int32Array.from(indexes)
  for (let from = 0; from < order.length; from += BLOCK_ROWS) {
    const out = new BlockWriter()
    rows.write(out, order, from, Math.min(order.length, from + BLOCK_ROWS))
    yield out.done().slice().buffer
  }
  return undefined
}

/** Groups in the order in which they were first seen: ranges of places, each of which is put in order in memory. */
import type { Memory } from '../../spec/node.ts'
import type { GroupRows } from './group-rows.ts'
import { RowFiles, type RowFile } from './row-files.ts'

/** With fewer rows than one for so many places, sorting them costs less than going through the places. */
const SPARSE = 16
/** Groups that are read into memory at once, to be put in order. */
const STEP_ROWS = 131_072
/** Files that rows are laid in at once: with more of them, each would get only a few rows at a time. */
const MOST_FILES = 128
const MOST_RANGES = MOST_FILES * MOST_FILES

/** Rows in an order. */
export interface OrderedRows {
  rows: GroupRows
  order: ArrayLike<number>
}

/** Rows that lie somewhere, block by block; each is good until the next one is read. */
export interface RowSource {
  /** What they take in memory. */
  readonly bytes: number
  blocks(): Iterable<Uint8Array>
  remove(): void
}

/** So many ranges of places, each so wide. */
export interface PlaceRanges {
  count: number
  span: number
}

/** Ranges of places, each with as many rows as are put in order at once. @param seen places are below it */
export function rangesOf(seen: number, bytes: number, memory: Memory): PlaceRanges {
  const wanted = Math.ceil(Math.max(bytes / (memory.bytes / 2), seen / STEP_ROWS))
  const count = Math.max(1, Math.min(MOST_RANGES, wanted))
  return { count, span: Math.max(1, Math.ceil(seen / count)) }
}

/** Ranges that rows can be laid in at once; `width` of the others make one of these. */
export function coarser({ count, span }: PlaceRanges): PlaceRanges & { width: number } {
  const width = count <= MOST_FILES ? 1 : Math.ceil(Math.sqrt(count))
  return { count: Math.ceil(count / width), span: span * width, width }
}

/** Divides files of `coarser` ranges into those of the ranges themselves, in steps. @param rows empty ones to work with */
export function* refined(
  coarse: RowFiles,
  { count, span }: PlaceRanges,
  { rows, memory }: { rows: GroupRows; memory: Memory },
): Generator<undefined, RowFiles> {
  const { width } = coarser({ count, span })
  if (width === 1) return coarse
  const files: RowFile[] = []
  for (const [at, file] of coarse.files.entries()) {
    const fine = RowFiles.make(memory, Math.min(width, count - at * width))
    const rangeOf = (row: number) => Math.floor(rows.places[row]! / span) - at * width
    for (const block of file.blocks()) {
      rows.append(block)
      yield undefined
      if (rows.bytes <= memory.bytes / 2) continue
      yield* fine.lay(rows, rangeOf)
      rows.clear()
    }
    file.remove()
    yield* fine.lay(rows, rangeOf)
    rows.clear()
    files.push(...fine.files)
  }
  return new RowFiles(files)
}

/** The groups that have places from a number up to another, in that order. @param here empty rows to work with */
export function* rangeInOrder(
  here: { rows: GroupRows; memory: Memory },
  sources: readonly RowSource[],
  { from, span }: { from: number; span: number },
): Generator<OrderedRows, undefined> {
  const { rows, memory } = here
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0)
  if (bytes > memory.bytes && span > 1) {
    const wanted = rangesOf(span, bytes, memory)
    const ranges =
      wanted.count <= MOST_FILES ? wanted : { count: MOST_FILES, span: Math.ceil(span / MOST_FILES) }
    const smaller = RowFiles.make(memory, ranges.count)
    const lay = () => {
      for (const _ of smaller.lay(rows, (row) => Math.floor((rows.places[row]! - from) / ranges.span)));
      rows.clear()
    }
    try {
      for (const source of sources) {
        for (const block of source.blocks()) {
          rows.append(block)
          if (rows.bytes > memory.bytes / 2) lay()
        }
        source.remove()
      }
      lay()
      for (const [at, one] of smaller.files.entries())
        yield* rangeInOrder(here, [one], { from: from + at * ranges.span, span: ranges.span })
    } finally {
      smaller.clear()
    }
    return undefined
  }
  for (const source of sources) {
    for (const block of source.blocks()) rows.append(block)
    source.remove()
  }
  yield { rows, order: byPlace(rows, from, span) }
  rows.clear()
  return undefined
}

/** Rows in the order of their places, each of which is a number from `from` up to `from + span`. */
export function byPlace({ places, count }: GroupRows, from: number, span: number): Int32Array {
  const order = new Int32Array(count)
  if (span > SPARSE * count) {
    // Place and row in one number, so that numbers are all that is sorted.
    const both = new Float64Array(count)
    for (let row = 0; row < count; row++) both[row] = (places[row]! - from) * count + row
    both.sort()
    for (let at = 0; at < count; at++) order[at] = both[at]! % count
    return order
  }
  const rows = new Int32Array(span)
  for (let row = 0; row < count; row++) rows[places[row]! - from] = row + 1
  for (let place = 0, at = 0; place < span; place++) if (rows[place] !== 0) order[at++] = rows[place]! - 1
  return order
}

export function allOf({ count }: GroupRows): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row)
}

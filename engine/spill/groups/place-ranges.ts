/** Groups in the order in which they were first seen: ranges of places, each of which is put in order in memory. */
import type { Memory } from '../../spec/node.ts'
import type { GroupRows } from './group-rows.ts'
import { FILES } from './merge-files.ts'
import { RowFiles } from './row-files.ts'

/** With fewer rows than one for so many places, sorting them costs less than going through the places. */
const SPARSE = 16
/** Groups that are read into memory at once, to be put in order. */
const STEP_ROWS = 131_072
const MOST_FILES = 256

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
  const count = Math.max(1, Math.min(MOST_FILES, wanted))
  return { count, span: Math.max(1, Math.ceil(seen / count)) }
}

/** The groups that have places from a number up to another, in that order. @param here empty rows to work with */
export function* rangeInOrder(
  here: { rows: GroupRows; memory: Memory },
  sources: readonly RowSource[],
  { from, span }: { from: number; span: number },
): Generator<OrderedRows, undefined> {
  const { rows, memory } = here
  if (sources.reduce((sum, { bytes }) => sum + bytes, 0) > memory.bytes && span > 1) {
    const smaller = RowFiles.make(memory, FILES)
    const narrow = Math.ceil(span / FILES)
    try {
      for (const source of sources) {
        for (const block of source.blocks()) {
          rows.append(block)
          for (const _ of smaller.lay(rows, (row) => Math.floor((rows.places[row]! - from) / narrow)));
          rows.clear()
        }
        source.remove()
      }
      for (const [at, one] of smaller.files.entries())
        yield* rangeInOrder(here, [one], { from: from + at * narrow, span: narrow })
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

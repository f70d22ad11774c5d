/** Groups in the order in which they were first seen: ranges of places, each of which is put in order in memory. */
import type { Memory } from '../../spec/node.ts'
import type { GroupRows } from './group-rows.ts'
import { FILES } from './merge-files.ts'
import { RowFiles } from './row-files.ts'

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
          rows.absorb(block, 0)
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
    for (const block of source.blocks()) rows.absorb(block, 0)
    source.remove()
  }
  yield { rows, order: byPlace(rows, from) }
  rows.clear()
  return undefined
}

/** Rows in the order of their places, which are not below `from`. */
export function byPlace({ places, count }: GroupRows, from: number): Float64Array {
  // Place and row in one number, so that numbers are all that is sorted.
  const order = new Float64Array(count)
  for (let row = 0; row < count; row++) order[row] = (places[row]! - from) * count + row
  order.sort()
  for (let at = 0; at < count; at++) order[at]! %= count
  return order
}

export function allOf({ count }: GroupRows): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row)
}

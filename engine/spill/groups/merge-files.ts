/** Files of rows, divided by the hashes of their keys, whose groups become whole and are put in ranges of places. */
import type { Memory } from '../../spec/node.ts'
import { tooLarge } from '../spill-error.ts'
import type { GroupRows } from './group-rows.ts'
import { RowFiles, type RowFile } from './row-files.ts'

/** Files at each level, by six bits of the hash. */
export const FILES = 64
const LEVEL_BITS = 6
/** Beyond it a file is merged whatever it takes. */
const DEEPEST = 3

/** A file, and what is added to the places of its rows. */
export interface ShiftedFile {
  file: RowFile
  shift: number
}

/** What groups are merged with, and where they go. */
export interface MergedInto {
  /** Whole groups that are not laid in `ordered` yet; empty at first. */
  rows: GroupRows
  memory: Memory
  /** What a group is, for the message that one alone is too large. */
  one: string
  /** Called for the rows of groups that are whole. */
  merged(rows: GroupRows): void
  /** By range of places. */
  ordered: RowFiles
  /** How many places a range has. */
  span: number
}

/**
 * Merges the groups of some files of equal place, in the order in which they are given. They stay in the rows while there
 * is room for those of other files too: what is laid in the files of the order should be as much as possible at once.
 * @throws NodeError where one group is more than memory holds
 */
export function* mergeFiles(
  into: MergedInto,
  sources: readonly ShiftedFile[],
  level = 0,
): Generator<undefined, undefined> {
  const { rows, memory } = into
  const bytes = sources.reduce((sum, { file }) => sum + file.bytes, 0)
  if (rows.bytes + bytes > memory.bytes) yield* layMerged(into)
  const bits = bitsFor(bytes / memory.bytes)
  const fileOf = (): ((row: number) => number) => fileAt(rows, level + 1, bits)
  let smaller: RowFiles | undefined
  try {
    for (const { file, shift } of sources) {
      for (const block of file.blocks()) {
        rows.absorb(block, shift)
        yield undefined
        if (rows.bytes <= memory.bytes) continue
        checkEach(rows, into)
        if (rows.count === 1 || level === DEEPEST) continue
        smaller ??= RowFiles.make(memory, 1 << bits)
        yield* smaller.lay(rows, fileOf())
        rows.clear()
      }
      file.remove()
    }
    if (!smaller) return undefined
    yield* smaller.lay(rows, fileOf())
    rows.clear()
    for (const file of smaller.files) yield* mergeFiles(into, [{ file, shift: 0 }], level + 1)
  } finally {
    smaller?.clear()
  }
  return undefined
}

/** Lays the groups that are whole in the files of the order; to be called behind the last file, too. */
export function* layMerged({ rows, merged, ordered, span }: MergedInto): Generator<undefined, undefined> {
  if (rows.count === 0) return undefined
  merged(rows)
  yield* ordered.lay(rows, (row) => Math.floor(rows.places[row]! / span))
  rows.clear()
  return undefined
}

/** Bits of the hash that divide so many times what memory holds into files, each half as large as memory or less. */
function bitsFor(times: number): number {
  return Math.max(1, Math.min(LEVEL_BITS, Math.ceil(Math.log2(2 * times))))
}

/** One group has to fit into memory. */
export function checkEach(rows: GroupRows, { memory, one }: { memory: Memory; one: string }): void {
  if (rows.bytes <= memory.bytes) return
  for (let row = 0; row < rows.count; row++) {
    const bytes = rows.bytesOf(row)
    if (bytes > memory.bytes) throw tooLarge(bytes, memory, one)
  }
}

/** The file of a row at a level: each has its own bits of the hash, of which fewer make fewer files. */
export function fileAt({ hashes }: GroupRows, level: number, bits = LEVEL_BITS): (row: number) => number {
  const shift = 32 - LEVEL_BITS * level - bits
  const mask = (1 << bits) - 1
  return (row) => (hashes[row]! >>> shift) & mask
}

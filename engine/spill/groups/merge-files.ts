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
  /** Empty rows to work with. */
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
 * Merges the groups of some files of equal place, in the order in which they are given, and lays them in the files of
 * the order.
 * @throws NodeError where one group is more than memory holds
 */
export function* mergeFiles(
  into: MergedInto,
  sources: readonly ShiftedFile[],
  level = 0,
): Generator<undefined, undefined> {
  const { rows, memory } = into
  let smaller: RowFiles | undefined
  try {
    for (const { file, shift } of sources) {
      for (const block of file.blocks()) {
        rows.absorb(block, shift)
        yield undefined
        if (rows.bytes <= memory.bytes) continue
        checkEach(rows, into)
        if (rows.count === 1 || level === DEEPEST) continue
        smaller ??= RowFiles.make(memory, FILES)
        yield* smaller.lay(rows, fileAt(rows, level + 1))
        rows.clear()
      }
      file.remove()
    }
    if (smaller) {
      yield* smaller.lay(rows, fileAt(rows, level + 1))
      rows.clear()
      for (const file of smaller.files) yield* mergeFiles(into, [{ file, shift: 0 }], level + 1)
      return undefined
    }
    into.merged(rows)
    yield* into.ordered.lay(rows, (row) => Math.floor(rows.places[row]! / into.span))
    rows.clear()
  } finally {
    smaller?.clear()
  }
  return undefined
}

/** One group has to fit into memory. */
export function checkEach(rows: GroupRows, { memory, one }: { memory: Memory; one: string }): void {
  if (rows.bytes <= memory.bytes) return
  for (let row = 0; row < rows.count; row++) {
    const bytes = rows.bytesOf(row)
    if (bytes > memory.bytes) throw tooLarge(bytes, memory, one)
  }
}

/** The file of a row at a level: each has its own bits of the hash. */
export function fileAt({ hashes }: GroupRows, level: number): (row: number) => number {
  const shift = 32 - LEVEL_BITS * (level + 1)
  return (row) => (hashes[row]! >>> shift) & (FILES - 1)
}

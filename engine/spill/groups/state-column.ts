/**
 * What is kept of many groups, by column: one for each aggregate. A row of a column is the state of one group; numbers
 * are in typed arrays, which cost what they are and nothing to the garbage collector.
 */
import type { Budget } from '../../spec/budget.ts'
import type { BlockReader, BlockWriter } from './blocks.ts'

export interface StateColumn<Laid = unknown> {
  /** Bytes of each row, beside `extra`. */
  readonly rowBytes: number
  /** Bytes of what lies outside of the arrays, estimated. What `add` tells its budget of is not in it. */
  extra: number
  /** Makes the arrays longer where they are shorter than that. */
  reserve(rows: number): void
  /** Begins a row: the state of a group that has seen nothing. */
  init(row: number): void
  /** Adds a value as the aggregate of that name does. */
  add(row: number, value: unknown, budget: Budget): void
  /** Takes the state of an `Aggregate` into a row that was begun. */
  set(row: number, state: unknown): void
  /** Writes the rows of a list, from a place in it to another. */
  write(out: BlockWriter, rows: Int32Array, from: number, to: number): void
  /** Reads what `write` wrote for so many rows. */
  read(block: BlockReader, count: number): Laid
  /** Joins a state that was read to a row that was begun. `isEarlier`: it saw its values before those of the row. */
  merge(row: number, laid: Laid, at: number, isEarlier: boolean): void
  /** The result of a group. */
  finish(row: number): unknown
  /** Bytes of one state, where that may be many. */
  bytesOf?(row: number): number
  /** Forgets all rows. */
  clear(): void
}

/** A longer array with the same beginning. */
export function longer<List extends Float64Array | Uint32Array | Uint8Array | Int32Array>(
  list: List,
  length: number,
): List {
  if (list.length >= length) return list
  const made = new (list.constructor as new (length: number) => List)(length)
  made.set(list)
  return made
}

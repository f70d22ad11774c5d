/** What the records view needs to know of its records, whether they come from an edge or a table. */
import type { Column } from './columns.ts'

export interface RecordSource {
  /** Number of the first record, from 0: how many came before it. */
  first: number
  /** Records that can be read from there on. */
  count: number
  /** What the record is called, from 0; differs from its number where rows in between were not kept. */
  nameOf(number: number): number
  columns: readonly Column[]
  /** True where records have more fields than there are columns. */
  columnsTruncated: boolean
  /** Every record is one that left by an error port. */
  onlyErrors: boolean
  /** The record with this number; undefined while it is not here. */
  at(number: number): { record: unknown } | undefined
  /** Says which numbers are on the screen. */
  look(first: number, last: number): void
  /** The records of a range, both ends included. @throws RequestError */
  read(first: number, last: number): Promise<unknown[]>
}

/** What the ways to join on disk have in common: the rows that they read, and whom they tell of what they find. */
import type { Key } from '../spec/identity.ts'
import type { DataRecord } from '../spec/node.ts'

/** A record that was numbered as it came. Without a key it has no partner. */
export interface Row {
  key: Key | undefined
  number: number
  record: DataRecord
}

/** Takes what is found: a left row with its partner, or one that is alone. */
export interface JoinFound {
  /** False where it is enough to know that there are partners. */
  readonly wantsPairs: boolean
  partners(left: Row, right: Row): void
  /** Said once of a left row that has a partner, before the first. */
  matched(left: Row): void
  leftAlone(left: Row): void
  rightAlone(right: Row): void
}
